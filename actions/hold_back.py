"""Holds people back by law: proposes a hold, renews it or lifts it; each is a decision that a second person confirms."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from actions.decide import propose
from actions.desk import Act, Desk
from actions.errors import Conflict, NotFound
from db.models import Decision, HeldKind, HeldPerson, Hold, Person
from db.models.person import AFFECTED_KINDS
from rulebook.grounds import Ground, ground

KIND = "law_enforcement_restriction"


@dataclass(frozen=True)
class Terms:
    """What a hold rests on and whom it keeps back: nobody named means these kinds, no kind either means everyone."""

    ground: str
    proportionate: str
    reasons: str
    review_at: datetime
    kinds: Sequence[str] = ()
    people: Sequence[int] = field(default=(), repr=False)
    asked_by: str = ""
    asked_at: datetime | None = None
    oral: bool = False

    @property
    def extent(self) -> str:
        """How far it goes."""
        return "people" if self.people else "kinds" if self.kinds else "everyone"


def hold_back(desk: Desk, incident: UUID | str, terms: Terms) -> Hold:
    """Propose to tell these people later. It stands when someone else confirms the decision.

    Raises Conflict for what the ground does not allow, NotFound for a person who is not on the ledger.
    """
    with desk.act("hold_back", incident) as act:
        hold = _propose(act, terms, None)
        act.session.add_all([HeldKind(hold_id=hold.id, kind=kind) for kind in _kinds(terms)])
        ids = _people(act, terms.people)
        act.session.add_all([HeldPerson(hold_id=hold.id, person_id=id_, incident_id=act.incident.id) for id_ in ids])
    return hold


def renew_hold(
    desk: Desk,
    incident: UUID | str,
    number: int,
    reasons: str,
    review_at: datetime,
    *,
    written_by: str = "",
) -> Hold:
    """Propose that a hold goes on over the same people until another review. A request by word of mouth needs a written one first."""
    with desk.act("renew_hold", incident) as act:
        old = find_hold(act, number)
        asked_by, oral = written_by.strip() or old.asked_by, old.oral and not written_by.strip()
        terms = Terms(old.ground, old.proportionate, reasons, review_at, asked_by=asked_by, asked_at=old.asked_at)
        hold = _propose(act, replace(terms, oral=oral), old)
        for table, column in ((HeldKind, "kind"), (HeldPerson, "person_id")):
            rows = act.session.scalars(sa.select(table).where(table.hold_id == old.id)).all()
            extra = {"incident_id": act.incident.id} if table is HeldPerson else {}
            act.session.add_all([table(hold_id=hold.id, **{column: getattr(row, column)}, **extra) for row in rows])
    return hold


def lift_hold(desk: Desk, incident: UUID | str, number: int, reasons: str) -> Decision:
    """Propose that these people are told after all; someone else confirms it, and their notices are drafted."""
    with desk.act("lift_hold", incident) as act:
        hold = find_hold(act, number)
        if hold.state != "stands":
            raise Conflict(f"Hold {number} is {hold.state}; only one that stands can be lifted.")
        return propose(act, KIND, f"hold {number}", "lifted", reasons)


def find_hold(act: Act, number: int) -> Hold:
    """The hold of this number. Raises NotFound."""
    found = act.session.scalar(sa.select(Hold).where(Hold.incident_id == act.incident.id, Hold.number == number))
    if found is None:
        reference = act.incident.reference
        raise NotFound(f"{reference} has no hold {number}; 'forthwith hold list {reference}' shows those there are.")
    return found


def _propose(act: Act, terms: Terms, renewed: Hold | None) -> Hold:
    known = _ground(terms.ground)
    ends_at = _end(known, terms, renewed)
    _check(act, terms, ends_at, renewed)
    decision = propose(
        act,
        KIND,
        f"hold {_next(act)}",
        "held back" if renewed is None else f"renews hold {renewed.number}",
        terms.reasons,
        review_at=terms.review_at,
    )
    hold = Hold(
        id=uuid4(),
        incident_id=act.incident.id,
        number=_next(act),
        decision_id=decision.id,
        renews_id=renewed.id if renewed else None,
        ground=terms.ground,
        asked_by=terms.asked_by.strip(),
        asked_at=terms.asked_at,
        oral=terms.oral,
        extent=renewed.extent if renewed else terms.extent,
        proportionate=terms.proportionate.strip(),
        review_at=terms.review_at,
        ends_at=ends_at,
        state="proposed",
    )
    act.session.add(hold)
    act.session.flush()
    told = {"ground": hold.ground, "extent": hold.extent, "kinds": list(terms.kinds), "people": len(terms.people)}
    act.journal(f"hold {hold.number}", proposed=decision.number, **told, review_at=hold.review_at, ends_at=ends_at)
    return hold


def _check(act: Act, terms: Terms, ends_at: datetime | None, renewed: Hold | None) -> None:
    if not terms.proportionate.strip():
        raise Conflict("Say why holding these people back, so far and so long, is necessary and proportionate.")
    if terms.review_at <= act.now:
        raise Conflict("A hold needs a review date in the future (--review-at): it lasts only as long as necessary.")
    if terms.oral and not (terms.asked_by.strip() and terms.asked_at):
        raise Conflict("A request by word of mouth needs who made it and when (--asked-by, --asked-at).")
    if terms.asked_at and terms.asked_at > act.now:
        raise Conflict("The request cannot lie in the future.")
    if ends_at and terms.review_at > ends_at:
        raise Conflict(
            f"A request by word of mouth holds until {ends_at:%Y-%m-%d %H:%M} UTC at most "
            f"({_ground(terms.ground).cite}); review it by then, or bring a written one."
        )
    if renewed and renewed.state != "stands":
        raise Conflict(f"Hold {renewed.number} is {renewed.state}; only one that stands can be renewed.")


def _end(known: Ground, terms: Terms, renewed: Hold | None) -> datetime | None:
    """The law's own end of a request by word of mouth, counted from the request, not from when it was typed in."""
    if known.oral_days is None:
        return None
    if renewed is not None and not terms.oral:
        return None
    if not terms.oral or terms.asked_at is None:
        raise Conflict(
            f"This ground is a request by word of mouth ({known.cite}): say --oral, --asked-by and --asked-at."
        )
    return terms.asked_at + timedelta(days=known.oral_days)


def _ground(code: str) -> Ground:
    try:
        return ground(code)
    except ValueError as unknown:
        raise Conflict(str(unknown)) from None


def _kinds(terms: Terms) -> Sequence[str]:
    for kind in terms.kinds:
        if kind not in AFFECTED_KINDS:
            raise Conflict(f"{kind!r} is not a kind of person who is told; they are {', '.join(AFFECTED_KINDS)}.")
    if terms.kinds and terms.people:
        raise Conflict("Name kinds, or people by number, not both.")
    return list(dict.fromkeys(terms.kinds))


def _people(act: Act, numbers: Sequence[int]) -> Sequence[UUID]:
    wanted = dict.fromkeys(numbers)
    query = sa.select(Person.number, Person.id).where(
        Person.incident_id == act.incident.id, Person.number.in_(wanted), Person.kind.in_(AFFECTED_KINDS)
    )
    found = dict(act.session.execute(query).tuples().all())
    missing = [str(number) for number in wanted if number not in found]
    if missing:
        raise NotFound(f"{act.incident.reference} has nobody affected of number {', '.join(missing)}.")
    return list(found.values())


def _next(act: Act) -> int:
    return (act.session.scalar(sa.select(sa.func.max(Hold.number)).where(Hold.incident_id == act.incident.id)) or 0) + 1
