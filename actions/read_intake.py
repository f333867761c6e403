"""Finds an intake and opens what was said, by whom, and how to reach them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from actions.desk import Desk
from actions.errors import Conflict, NotFound
from actions.house_act import house_act
from db.models import Account, Intake
from db.queries.intakes import intake_named


@dataclass(frozen=True)
class Opened:
    """An intake's sealed part. An empty *teller* means that nobody is named."""

    what: str = field(repr=False)
    teller: str = field(default="", repr=False)
    reach: str = field(default="", repr=False)


def open_intake(desk: Desk, session: Session, intake: Intake) -> Opened:
    """Raises VaultError where the bytes were moved or changed, or another key sealed them."""
    account = session.get(Account, intake.teller_id) if intake.teller_id else None
    teller = f"{account.display_name} ({account.name})" if account else _opened(desk, intake, "teller")
    return Opened(_opened(desk, intake, "said"), teller, _opened(desk, intake, "reach"))


def read_intake(desk: Desk, reference: str) -> Opened:
    """Open what was said for someone to read it; that they did is in the house's journal. Raises NotFound."""
    with house_act(desk, "read_intake") as act:
        intake = find_intake(act.session, reference)
        act.journal(intake.reference)
        return open_intake(desk, act.session, intake)


def find_intake(session: Session, reference: str) -> Intake:
    """The intake of this reference. Raises NotFound."""
    found = intake_named(session, reference)
    if found is None:
        raise NotFound(f"There is no intake {reference.strip()[:40]!r}; 'forthwith intake list' shows those there are.")
    return found


def take_new(session: Session, reference: str) -> Intake:
    """The intake, its row locked, to be settled now. Raises NotFound, and Conflict where someone settled it already."""
    intake = intake_named(session, find_intake(session, reference).reference, lock=True)
    if intake is None or intake.state != "new":
        raise Conflict(f"{reference.strip().upper()} is settled already{_by(intake)}; look at it again first.")
    return intake


def place(intake: Intake, column: str) -> str:
    """Where a sealed value belongs, so that its bytes cannot be moved to another row."""
    return f"intakes/{column}/{intake.id}"


def waited(intake: Intake, now: datetime) -> timedelta:
    """How long it waited, or waits, for someone to settle it."""
    return (intake.settled_at or now) - intake.received_at


def waits(intake: Intake, now: datetime) -> dict[str, Any]:
    """The times that count, for the journal."""
    return {
        "noticed_at": intake.noticed_at,
        "received_at": intake.received_at,
        "waited_seconds": round(waited(intake, now).total_seconds()),
    }


def settle(intake: Intake, state: str, by: str, at: datetime, reasons: str = "") -> None:
    """Within an act that is under way: write down what became of it. Its incident is set by whoever took it up."""
    intake.state, intake.settled_by, intake.settled_at, intake.reasons = state, by, at, reasons


def _opened(desk: Desk, intake: Intake, column: str) -> str:
    sealed: bytes | None = getattr(intake, column)
    return desk.master.open(sealed, place(intake, column)).decode() if sealed is not None else ""


def _by(intake: Intake | None) -> str:
    return f" by {intake.settled_by} ({intake.state})" if intake else ""
