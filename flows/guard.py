"""Keeps what goes wrong out of Prefect's database: one sentence without data goes there, the trace goes to a protected file."""

import functools
import logging
import os
from collections.abc import Awaitable, Callable, Iterator
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from traceback import format_tb
from typing import ParamSpec, TypeVar
from uuid import uuid4

from pydantic import ValidationError

from actions.errors import Conflict
from db.session import DatabaseBusy
from settings.model import load

P = ParamSpec("P")
R = TypeVar("R")

LOG = "errors.log"
_KEPT_BYTES = 5_000_000


class StepFailed(Exception):
    """All that Prefect may know of a failure: which step, what kind, and where the trace is kept."""


class StepRefused(StepFailed):
    """The act said no: nothing is broken, and trying again will not help."""


def guarded(work: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Let no exception text, cause or traceback of *work* reach Prefect, which would store all three."""

    @functools.wraps(work)
    async def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await work(*args, **kwargs)
        except StepFailed as told:
            failure = told
        except DatabaseBusy as held:
            failure = StepFailed(str(held))  # of our own words, and worth another try
        except Conflict as refusal:
            # Its text is written for people and holds no data of those affected: actions.errors promises it.
            failure = StepRefused(f"Refused: {refusal}")
        except Exception as error:  # noqa: BLE001 - a door: whatever it is, it may not pass
            failure = StepFailed(keep(error))
        # Outside of the except blocks, so that Python hangs no cause on it.
        raise failure

    return inner


def keep(error: Exception) -> str:
    """Write the trace to the protected log and say where; the texts of exceptions are left out, as they may quote data."""
    reference = uuid4().hex[:8]
    kind = _kind(error)
    try:
        folder = load().home / "log"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _Private(folder / LOG, maxBytes=_KEPT_BYTES, backupCount=3, encoding="utf-8")
    except (OSError, ValidationError):
        return f"{kind}; the trace could not be kept"
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    handler.emit(logging.makeLogRecord({"msg": f"ref {reference}\n{''.join(trace(error))}", "levelno": logging.ERROR}))
    handler.close()
    return f"{kind}; the trace is in the log folder's {LOG} under ref {reference}"


def trace(error: BaseException) -> Iterator[str]:
    """Where *error* and what led to it came from: kinds and lines of code, the cause first, no texts and no values."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before:
        yield from trace(before)
        yield "which led to\n"
    yield from format_tb(error.__traceback__)
    yield f"{_kind(error)}\n"
    for one in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from trace(one)


def _kind(error: BaseException) -> str:
    """An exception's kind, with the code that a database or the system gave it."""
    root = getattr(error, "orig", None) or error
    code = getattr(root, "sqlite_errorname", None) or getattr(root, "sqlstate", None) or getattr(root, "errno", None)
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{name} ({code})" if code else name


class _Private(RotatingFileHandler):
    """A log that only its owner can read, from its first byte on."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(Path(self.baseFilename), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding=self.encoding)
