"""What SendGrid's answers mean for the notice that was asked about, and how long it wants to be left alone."""

from __future__ import annotations

import json
import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from channels.outcome import ChannelError, Halt, Refused, TryAgain, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from channels.https import Answer

_LONGEST_PAUSE = 3600.0
_FIELD = re.compile(r"[a-z_]+(?:\.(?:[a-z_]+|\d{1,4})){0,8}")
_THIS_ENVELOPE = {400, 413, 422}
_THE_ACCOUNT = {401, 402, 403, 404, 405, 406, 407, 410, 415}  # the next envelope would hear the same


def failure(answer: Answer) -> ChannelError:
    """The error that an answer to Mail Send stands for, other than the one that means accepted."""
    status, code = answer.status, _code(answer)
    if status == 429:
        return TryAgain("SendGrid asks us to slow down", code, retry_after=pause(answer.headers))
    if status in _THE_ACCOUNT:
        return Halt("SendGrid does not let this key send", code)
    if status in _THIS_ENVELOPE:
        if any(field.startswith(("from", "reply_to")) for field in _fields(answer)):
            return Halt("SendGrid does not take this sender", code)
        return Refused("SendGrid does not take this message", code)
    if status < 400:
        # A redirect, or a success that is not Mail Send's own (sandbox mode, a portal in between). Who knows who answered;
        # the next notice would meet the same, so the run stops before a whole wave is in doubt.
        return Unknown("the answer is not one that Mail Send gives", code, stops_run=True)
    return Unknown("SendGrid failed", code)


def pause(headers: Mapping[str, str]) -> float | None:
    """Seconds until SendGrid wants the next request; moments are measured by SendGrid's own clock, its Date header."""
    wish = headers.get("Retry-After", "").strip()
    if wish.isdecimal():
        return min(float(wish[:9]), _LONGEST_PAUSE)
    reset = headers.get("X-RateLimit-Reset", "").strip()
    then = float(reset[:12]) if reset.isdecimal() else _seconds(wish)
    now = _seconds(headers.get("Date", ""))
    return None if then is None or now is None else max(0.0, min(then - now, _LONGEST_PAUSE))


def pause_after_success(headers: Mapping[str, str]) -> float | None:
    """The same, asked for along with an acceptance: only when the allowance is used up."""
    return pause(headers) if headers.get("X-RateLimit-Remaining", "").strip() == "0" else None


def json_object(answer: Answer) -> dict[str, Any]:
    """The answer's JSON object, or an empty one: nothing that a server says may break the reader."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _code(answer: Answer) -> str:
    return " ".join([str(answer.status), *_fields(answer)])


def _fields(answer: Answer) -> list[str]:
    """Where SendGrid says the fault lies. Its sentences are left out: they may quote an address."""
    errors = json_object(answer).get("errors")
    names = [error.get("field") for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    return [name for name in names if isinstance(name, str) and _FIELD.fullmatch(name)][:3]


def _seconds(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
