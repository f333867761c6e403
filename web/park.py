"""Keeps what was typed into a form when the session ended in the middle of it: sealed on the page, opened after signing in."""

import base64
import json
from dataclasses import dataclass

import sqlalchemy as sa

from actions.errors import Conflict
from db.models import WebSession
from db.vault import VaultError
from web.visit import Visit, within

LONGEST = 1_000_000
"""The longest form that is kept, sealed, in bytes."""
_ABOUT = "parked form"
_NEVER = ("csrf", "parked", "old", "password", "password_again", "code")


@dataclass(frozen=True)
class Parked:
    """A form that waits: where it was going, and what it said."""

    path: str
    fields: list[tuple[str, str]]


def park(visit: Visit) -> str:
    """The form as text that only this deployment can read, for the account whose session it carries the mark of.

    Files are not kept; the person chooses them again. A form with no session's mark, which no page of ours gave, is not kept.
    """
    owner = _owner(visit)
    if not owner:
        return ""
    values = [(name, value) for name, value in visit.typed.multi_items() if isinstance(value, str)]
    kept = [(name, value) for name, value in values if name not in _NEVER]
    body = json.dumps({"owner": owner, "path": visit.request.url.path, "values": kept}, ensure_ascii=False)
    sealed = visit.desk_of_nobody().master.seal(body.encode(errors="replace"), _ABOUT)
    whole = base64.urlsafe_b64encode(sealed).decode()
    return whole if len(whole) <= LONGEST else ""


def _owner(visit: Visit) -> str:
    """Whose session the form belongs to, ended as it may be; empty where it belongs to none."""
    mark = visit.text("csrf")
    with visit.reading() as session:
        found = session.scalar(sa.select(WebSession.account_id).where(WebSession.csrf == mark)) if mark else None
    return str(found or "")


def unpark(visit: Visit, parked: str) -> Parked:
    """Raises Conflict when it is not ours, and when somebody else than the visitor had typed it."""
    try:
        held = json.loads(visit.desk_of_nobody().master.open(base64.urlsafe_b64decode(parked), _ABOUT))
    except (ValueError, VaultError):
        raise Conflict("The form that was kept cannot be read any more; type it again.") from None
    if held["owner"] != str(visit.viewer.account_id):
        raise Conflict("You are signed in. The form that waited here was typed by someone else, so it is not shown.")
    return Parked(within(held["path"]), [(str(name), str(value)) for name, value in held["values"]])
