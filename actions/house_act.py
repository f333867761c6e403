"""An act on the deployment itself, such as on its accounts: one transaction, one entry in the house's own chain."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from actions import clock, journal
from actions.desk import Desk
from actions.errors import Conflict, NotFound
from db.models import Account, JournalHead
from db.queries.accounts import account_named


@dataclass(frozen=True)
class HouseAct:
    """One transaction that is about no incident."""

    desk: Desk
    session: Session
    verb: str
    now: datetime

    def journal(self, subject: str, /, *, actor: str | None = None, **details: Any) -> None:
        """Record what was done, by *actor* where the desk does not know who came; never a password, a code or a secret."""
        by = self.desk if actor is None else self.desk.acting_as(actor)
        journal.append(self.session, journal.HOUSE, by.entry(self.verb, self.now, subject, details))

    def account(self, name: str) -> Account:
        """The account of this name, its row locked. Raises NotFound."""
        found = account_named(self.session, name, lock=True)
        if found is None:
            raise NotFound(f"There is no account {name.strip()!r}; 'forthwith account list' shows those there are.")
        return found


@contextmanager
def house_act(desk: Desk, verb: str) -> Iterator[HouseAct]:
    """Such acts follow each other one by one, so that two of them cannot each leave the other's administrator the last."""
    with desk.writing() as session:
        if session.get(JournalHead, journal.HOUSE, with_for_update=True) is None:
            raise Conflict("This database was never founded; run 'forthwith up' once.")
        yield HouseAct(desk, session, verb, clock.now())
