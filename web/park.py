"""Keeps what was typed into a form when the session ended in the middle of it: sealed on the page, opened after signing in."""

import base64
import json
from dataclasses import dataclass

from actions.errors import Conflict
from db.vault import VaultError
from web.visit import Visit, within

_ABOUT = "parked form"
_NEVER = ("csrf", "parked", "password", "password_again", "code")


@dataclass(frozen=True)
class Parked:
    """A form that waits: where it was going, and what it said."""

    path: str
    fields: list[tuple[str, str]]


def park(visit: Visit) -> str:
    """The form as text that only this deployment can read. Files are not kept; the person chooses them again."""
    values = [(name, value) for name, value in visit.typed.multi_items() if isinstance(value, str)]
    kept = [(name, value) for name, value in values if name not in _NEVER]
    body = json.dumps({"path": visit.request.url.path, "values": kept}).encode()
    return base64.urlsafe_b64encode(visit.desk_of_nobody().master.seal(body, _ABOUT)).decode()


def unpark(visit: Visit, parked: str) -> Parked:
    """Raises Conflict when it is not ours."""
    try:
        held = json.loads(visit.desk_of_nobody().master.open(base64.urlsafe_b64decode(parked), _ABOUT))
    except (ValueError, VaultError):
        raise Conflict("The form that was kept cannot be read any more; type it again.") from None
    return Parked(within(held["path"]), [(str(name), str(value)) for name, value in held["values"]])
