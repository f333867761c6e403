"""What a person is told when a verb did not work out: a refusal's own sentence, or one sentence and a reference to the log."""

import errno
import sys
from collections.abc import Callable, Iterator

from flows.guard import keep

REFUSED, BROKEN = 2, 1

# Named, not imported, so that a refusal by the rulebook does not load a database.
REFUSALS = (
    "actions.errors.Conflict",
    "rulebook.facts.BadFacts",
    "rulebook.law.BadLaw",
    "db.vault.VaultError",
)


def told(error: Exception) -> int:
    """Say it on the standard error; gives the exit code."""
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    for name, say in SENTENCES.items():
        if name in names and (sentence := say(error)):
            return _say(sentence[1], sentence[0])
    return _say(
        f"Something is broken here, not with what you typed: {keep(error)}. What was done before stands.", BROKEN
    )


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(
        "".join(one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in sentence) + "\n"
    )
    return code


Answer = tuple[int, str]


def _refusal(error: Exception) -> Answer:
    return REFUSED, str(error)


def _held(error: Exception) -> Answer:
    return BROKEN, str(error)


def _settings_file(error: Exception) -> Answer:
    return REFUSED, f"settings.toml in the home folder is not TOML: {error}"


def _settings(error: Exception) -> Answer | None:
    """A setting that cannot be; any other model that fails is our own fault."""
    if getattr(error, "title", "") != "Settings":
        return None
    faults: Iterator[str] = (
        f"FORTHWITH_{'_'.join(str(step) for step in fault['loc'][:1]).upper()}: {fault['msg']}"
        for fault in error.errors(include_input=False, include_url=False)  # type: ignore[attr-defined]  # pydantic's ValidationError
    )
    return REFUSED, "A setting is wrong. " + "; ".join(faults)


def _database(error: Exception) -> Answer | None:
    """The database is away, full or locked: what was under way was not kept, and trying again is safe."""
    root = str(getattr(error, "orig", ""))
    if "no such " in root or "does not exist" in root:
        return (
            REFUSED,
            "The database lacks what this version keeps there; run 'forthwith up' once, which brings it up to date.",
        )
    said = (
        f"{sentence} Nothing of this act was kept; try again." for mark, sentence in _DATABASE.items() if mark in root
    )
    return next(((BROKEN, sentence) for sentence in said), None)


_DATABASE = {
    "database is locked": "The database is held by another program for too long.",
    "disk is full": "The disk is full.",
    "unable to open database file": "The database's file cannot be opened.",
    "readonly database": "The database's file cannot be written to.",
    "not a database": "The database's file is not a database.",
    "malformed": "The database's file is damaged; put back your backup.",
    "connection failed": "The database server cannot be reached.",
    "connection refused": "The database server cannot be reached.",
}


def _system(error: Exception) -> Answer | None:
    if not isinstance(error, OSError) or error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS):
        return None
    where = f" ({error.filename})" if error.filename else ""
    return BROKEN, f"{error.strerror}{where}. Make room or give access, then try again."


SENTENCES: dict[str, Callable[[Exception], Answer | None]] = {
    **dict.fromkeys(REFUSALS, _refusal),
    "db.session.DatabaseBusy": _held,
    "tomllib.TOMLDecodeError": _settings_file,
    "pydantic_core._pydantic_core.ValidationError": _settings,
    "sqlalchemy.exc.DBAPIError": _database,
    "builtins.OSError": _system,
}
