"""Keeps what providers tell of messages: one durable insert for each batch, each thing once; what it means is settled later."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.dialects import postgresql, sqlite

from actions import clock
from actions.desk import Desk
from actions.errors import Conflict, NotSignedIn
from channels.event import Event as Told
from channels.notify_events import event_in, is_agreed, is_call
from channels.sendgrid_events import events_in, is_fresh, is_signed
from db.models import Event
from db.vault import MasterVault

WORDS = "events/said/"
RECIPIENT = "events/recipient"
NOBODY_LISTENS = "No key is set here for SendGrid's events (FORTHWITH_SENDGRID_WEBHOOK_KEY)."

NOBODY_IS_AGREED = "No token is set here for GOV.UK Notify's calls (FORTHWITH_NOTIFY_CALLBACK_TOKEN)."


class Old(Conflict):
    """It was signed too long ago, or for a time to come: somebody kept it."""


class NotEvents(Conflict):
    """It is proved who sent it, and it is nothing that they send."""


def receive_sendgrid(desk: Desk, body: bytes, signature: str, timestamp: str) -> int:
    """Keep what SendGrid posted. Returns how many events of ours were in it; it is on disk then.

    Raises NotFound's kin: NotSignedIn for a wrong signature, Old, NotEvents; Conflict where no key is set.
    """
    keys = desk.settings.sendgrid_webhook_keys
    if not keys:
        raise Conflict(NOBODY_LISTENS)
    if not is_signed(keys, body, signature, timestamp):
        raise NotSignedIn("This is not signed with a key that is known here.")
    if not is_fresh(timestamp, clock.real_now()):
        raise Old("This was not signed within the last day.")
    told = events_in(body)
    if told is None:
        raise NotEvents("This is no list of events.")
    return keep_events(desk, told)


def receive_notify(desk: Desk, body: bytes, authorization: str) -> int:
    """Keep what GOV.UK Notify called with, on disk when this returns. Raises NotSignedIn, NotEvents; Conflict where no token is set."""
    token = desk.settings.notify_callback_token.get_secret_value()
    if not token:
        raise Conflict(NOBODY_IS_AGREED)
    if not is_agreed(token, authorization):
        raise NotSignedIn("This does not bring the token that is agreed here.")
    if not is_call(body):
        raise NotEvents("This is no call of GOV.UK Notify's.")
    told = event_in(body)
    return keep_events(desk, [told] if told else [])


def keep_events(desk: Desk, told: Sequence[Told]) -> int:
    """Keep these in one transaction; those that are there already, under either of their names, stay as they are."""
    if told:
        received_at = clock.now()
        rows = sorted((_row(desk.master, one, received_at) for one in told), key=lambda row: row["same_key"])
        insert = sqlite.insert(Event) if desk.database.is_sqlite else postgresql.insert(Event)
        with desk.writing() as session:
            session.connection().execute(insert.on_conflict_do_nothing(), rows)
    return len(told)


def recipient_key(master: MasterVault, address: str) -> bytes:
    """What is kept of whom an event speaks of: enough to compare, nothing to read."""
    return master.index(address.strip().casefold(), RECIPIENT)


def _row(master: MasterVault, told: Told, received_at: datetime) -> dict[str, Any]:
    id_ = uuid4()
    words = told.said.encode(errors="backslashreplace")
    return {
        "id": id_,
        "same_key": _hash(told.provider, told.same),
        "own_key": _hash(told.provider, told.own) if told.own else None,
        "provider": told.provider,
        "nid": told.nid,
        "kind": told.kind,
        "code": told.code,
        "reference": told.reference,
        "at": told.at,
        "received_at": received_at,
        "said": master.seal(words, f"{WORDS}{id_}") if words else None,
        "recipient": recipient_key(master, told.recipient) if told.recipient else None,
    }


def _hash(provider: str, mark: str) -> bytes:
    return hashlib.sha256(f"{provider}\n{mark}".encode(errors="backslashreplace")).digest()
