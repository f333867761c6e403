"""Questions about the journal: its entries, and whether anyone tampered with them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.chain import GENESIS, link
from db.models import JournalEntry, JournalHead


@dataclass(frozen=True)
class Verdict:
    """What checking a chain found: how many entries hold, and what is wrong, in words."""

    chain: str
    entries: int
    head: str
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def newest(session: Session, chain: str) -> str:
    """The hash of its newest entry; empty where there is none."""
    return session.scalar(sa.select(JournalHead.hash).where(JournalHead.chain == chain)) or ""


def entries(session: Session, chain: str) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    """Number, hash, body text and parsed body of each entry, in order, without holding them all."""
    columns = sa.select(JournalEntry.number, JournalEntry.hash, JournalEntry.body)
    for number, digest, body in session.execute(
        columns.where(JournalEntry.chain == chain).order_by(JournalEntry.number).execution_options(yield_per=1000)
    ):
        yield number, digest, body, json.loads(body)


def chains(session: Session) -> list[str]:
    """Every chain that has a head or an entry."""
    heads = sa.select(JournalHead.chain).union(sa.select(JournalEntry.chain))
    return sorted(session.scalars(heads))


def verify(session: Session, chain: str) -> Verdict:
    """Walk the chain from its beginning and compare it with its head."""
    before, count, faults = GENESIS, 0, list[str]()
    columns = sa.select(JournalEntry.number, JournalEntry.hash, JournalEntry.body).where(JournalEntry.chain == chain)
    for number, digest, body in session.execute(
        columns.order_by(JournalEntry.number).execution_options(yield_per=5000)
    ):
        count += 1
        if number != count:
            faults.append(f"entry {count} is missing")
            count = number
        if link(chain, number, before, body) != digest:
            faults.append(f"entry {number} does not match its hash: it, or one before it, was changed")
        before = digest
    head = session.get(JournalHead, chain)
    if head is None or (head.number, head.hash) != (count, before):
        faults.append(
            f"the chain ends at entry {count}, its head says {head.number if head else 'nothing'}: entries were cut off or added"
        )
    return Verdict(chain, count, before, tuple(faults))


def verify_all(session: Session) -> list[Verdict]:
    """Check every chain, and that each incident's chain is known to the house's chain."""
    verdicts = [verify(session, chain) for chain in chains(session)]
    declared = {body["subject"] for _, _, _, body in entries(session, "house") if body.get("act") == "declare"}
    present = {verdict.chain for verdict in verdicts}
    lost = sorted(declared - present)
    return [*verdicts, *(Verdict(chain, 0, "", ("the whole chain of a declared incident is gone",)) for chain in lost)]
