"""What GOV.UK Notify's answers mean for the message that was handed to it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from channels.outcome import ChannelError, Halt, Refused, TryAgain, Unknown

if TYPE_CHECKING:
    from channels.https import Answer

_NAME = re.compile(r"[A-Za-z]{1,40}")
_THIS_MESSAGE = {"email_address", "content", "letter_content", "personalisation"}
_MINUTE, _HOUR = 60.0, 3600.0
_LONGEST_PAUSE = 3600.0


def failure(answer: Answer) -> ChannelError:
    """The error that an answer stands for, other than the one that means accepted."""
    status, code = answer.status, _code(answer)
    if status == 429:
        return _slow_down(answer, code)
    if status == 413 or (status == 400 and _speaks_of_this_message(answer)):
        return Refused("GOV.UK Notify does not take this message", code)
    if 400 <= status < 500 and status != 408:
        return Halt("GOV.UK Notify does not let this service send", code)
    if status < 400:
        # A redirect, or a success that is not Notify's own: who knows who answered. The next one would meet the same.
        return Unknown("the answer is not one that GOV.UK Notify gives", code, stops_run=True)
    return Unknown("GOV.UK Notify failed", code)


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in these bytes, or an empty one: nothing that anybody sends may break the reader."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def uuid_in(value: object) -> UUID | None:
    """An id, only as it is written by Notify and by us."""
    try:
        found = UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if str(found) == value else None


def _slow_down(answer: Answer, code: str) -> TryAgain:
    """Notify counts requests by the minute and messages by the day; the day's allowance may be raised at any time."""
    if "TooManyRequestsError" in code:
        return TryAgain("GOV.UK Notify's allowance for today is used up", code, retry_after=_HOUR, stops_run=True)
    wish = answer.headers.get("Retry-After", "").strip()
    pause = min(float(wish[:9]), _LONGEST_PAUSE) if wish.isdecimal() else _MINUTE
    return TryAgain("GOV.UK Notify asks us to slow down", code, retry_after=pause)


def _speaks_of_this_message(answer: Answer) -> bool:
    """Whether each fault lies in what was sent, and not in the template, the key or the service."""
    errors = _errors(answer)
    return bool(errors) and all(
        error.get("error") == "ValidationError" and str(error.get("message")).split(" ", 1)[0] in _THIS_MESSAGE
        for error in errors
    )


def _code(answer: Answer) -> str:
    """The status and what Notify calls the faults. Its sentences are left out: they may quote an address."""
    names = [error.get("error") for error in _errors(answer)]
    return " ".join(
        [str(answer.status), *[name for name in names if isinstance(name, str) and _NAME.fullmatch(name)][:3]]
    )


def _errors(answer: Answer) -> list[dict[str, Any]]:
    errors = json_object(answer.body).get("errors")
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
