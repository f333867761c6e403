"""Writes the journal: one entry in the same transaction as the act, chained to all entries before it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from db.chain import GENESIS, canonical, link
from db.models import JournalEntry, JournalHead

HOUSE = "house"


def append(session: Session, chain: str, entry: dict[str, Any]) -> JournalEntry:
    """Add *entry* to *chain*, making the chain when it is new. The head's row is locked until the transaction ends."""
    head = session.get(JournalHead, chain, with_for_update=True, populate_existing=True)
    if head is None:
        head = JournalHead(chain=chain, number=0, hash=GENESIS)
        session.add(head)
    body = canonical(plain(entry))
    number = head.number + 1
    line = JournalEntry(chain=chain, number=number, body=body, hash=link(chain, number, head.hash, body))
    session.add(line)
    head.number, head.hash = number, line.hash
    session.flush()
    return line


def plain(value: Any) -> Any:
    """Dates, ids and tuples as JSON has them; instants in UTC with microseconds."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
