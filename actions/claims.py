"""Claims queued notices and writes down what became of them: state before bytes, and every write behind the fence."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.choose_ways import each_known
from actions.content import Content, unseal
from actions.desk import Act
from actions.lease import Lease
from actions.outcomes import SLOW_DOWN, Outcome, outcome_of
from actions.safe_contact import Way
from actions.sheet import Sheet
from channels.outcome import Accepted, ChannelError
from db.models import Attempt, Notice, Person, Receipt, Wave
from db.queries.notices import AUTOMATIC
from db.types import Table
from db.vault import VaultError

Answer = Accepted | ChannelError

CHANGED = "the way to this person has changed since the draft"
NOTICES, ATTEMPTS, RECEIPTS = (Table.metadata.tables[one.__tablename__] for one in (Notice, Attempt, Receipt))

_NEEDED = ("nid", "channel", "told_to", "person_id", "content", "content_sha256", "dated_at")
# Built once: making a statement anew costs more than the database needs to carry it out.
_THESE = NOTICES.c.nid.in_(sa.bindparam("nids", expanding=True))
_QUEUED = (
    sa.select(*(NOTICES.c[name] for name in _NEEDED))
    .where(
        NOTICES.c.wave_id == sa.bindparam("wave"),
        NOTICES.c.state == "queued",
        NOTICES.c.channel == sa.bindparam("kind"),
        NOTICES.c.nid.between(sa.bindparam("first"), sa.bindparam("last")),
        sa.or_(NOTICES.c.wait_until.is_(None), NOTICES.c.wait_until <= sa.bindparam("now")),
        ~NOTICES.c.flagged,
    )
    .order_by(NOTICES.c.nid)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update(skip_locked=True)
)
_EARLIER = (
    sa.select(ATTEMPTS.c.notice_id, ATTEMPTS.c.number, ATTEMPTS.c.state, ATTEMPTS.c.detail)
    .where(ATTEMPTS.c.notice_id.in_(sa.bindparam("nids", expanding=True)))
    .order_by(ATTEMPTS.c.number)
)
_FLAGGED = sa.select(NOTICES.c.nid, NOTICES.c.flagged).where(_THESE).order_by(NOTICES.c.nid).with_for_update()
_ON_ITS_WAY = sa.update(NOTICES).where(_THESE).values(state="sending")
_MOVE = (
    sa.update(NOTICES)
    .where(_THESE)
    .values(state=sa.bindparam("to_state"), wait_until=sa.bindparam("again_at"), settled_at=sa.bindparam("ended_at"))
)


@dataclass(frozen=True)
class Claim:
    """One notice that this worker may send once, with the attempt that was written down before."""

    nid: UUID
    attempt_id: UUID
    tries: int
    kind: str
    content: Content | None = field(repr=False)
    """None where what is stored is not what was approved: that stops the run."""
    content_sha256: str
    dated_at: datetime


@dataclass(frozen=True)
class Taken:
    """What one look at the queue gave: notices to send, and how many are not to be sent because their person's way changed."""

    claims: Sequence[Claim]
    changed: int = 0


def claim(
    act: Act, lease: Lease, wanted: Mapping[str, int], room: int, names: Mapping[str, str], sheets: Mapping[int, Sheet]
) -> Taken:
    """Take up to so many queued notices of each kind, and no more than there is room for. Their attempts are on disk before this worker knows of them.

    *names* are the channels by kind. Whoever is to be told another way as of now gets nothing: ages, flags, guardians and
    addresses are looked at here, at the last moment before sending, and not only when the notice was drafted.
    """
    rows = _queued(act.session, lease, wanted, room)
    if not rows:
        return Taken([])
    before = _attempts(act.session, [row.nid for row in rows])
    ways = _ways(act, [row.person_id for row in rows])
    claims, attempts, changed = list[Claim](), list[dict[str, Any]](), list[UUID]()
    for row in rows:
        content = _open(act, row, sheets)
        if content is not None and not _same(row, content, ways[row.person_id]):
            changed.append(row.nid)
            continue
        attempt = _attempt(lease, row, names[row.channel], before[row.nid], act.now)
        attempts.append(attempt)
        tries = 1 + sum(state == "not_sent" and code not in SLOW_DOWN for _, state, code in before[row.nid])
        dated_at = row.dated_at or act.now
        claims.append(Claim(row.nid, attempt["id"], tries, row.channel, content, row.content_sha256, dated_at))
    _write(act, [one.nid for one in claims], attempts, changed)
    return Taken(claims, len(changed))


def settle(
    session: Session, wave: Wave, answers: Sequence[tuple[Claim, Answer]], now: datetime, actor: str
) -> list[tuple[Claim, Outcome]]:
    """Write what the channel said. Who was flagged meanwhile, or whose wave was stopped, gets nothing more."""
    if not answers:
        return []
    answers = sorted(answers, key=lambda one: one[0].nid)
    mine = {"nids": [one.nid for one, _ in answers]}
    flagged = dict(session.execute(_FLAGGED, mine).tuples().all())
    alive = wave.state in ("launched", "paused")
    settled = [
        (one, outcome_of(answer, one.tries, may_go_again=alive and not flagged[one.nid])) for one, answer in answers
    ]
    session.connection().execute(_END_OF_ATTEMPT, [_attempt_end(one, outcome, now) for one, outcome in settled])
    for values, nids in _alike(settled, now):
        session.execute(_MOVE, {**values, "nids": nids})
    receipts = [_receipt(wave, one, outcome, now, actor) for one, outcome in settled if outcome.notice == "accepted"]
    if receipts:
        session.execute(sa.insert(RECEIPTS), receipts)
    return settled


def summary(settled: Sequence[tuple[Claim, Outcome]]) -> dict[str, Any]:
    """A batch as the journal tells it: how many came to what, and a hash that proves which."""
    lines = sorted(f"{one.nid.hex} {outcome.notice}" for one, outcome in settled)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return {"notices": dict(Counter(outcome.notice for _, outcome in settled)), "sha256": digest}


def _queued(session: Session, lease: Lease, wanted: Mapping[str, int], room: int) -> list[sa.Row[Any]]:
    found = list[sa.Row[Any]]()
    first, last = lease.range
    where = {"wave": lease.wave_id, "first": first, "last": last, "now": clock.now()}
    for kind, most in wanted.items():
        most = min(most, room - len(found))
        if most > 0 and kind in AUTOMATIC:
            found += session.execute(_QUEUED, {**where, "kind": kind, "most": most}).all()
    return found


def _attempts(session: Session, nids: Sequence[UUID]) -> Mapping[UUID, list[tuple[int, str, str | None]]]:
    """The earlier attempts at each: number, state, and what the channel said, as its code."""
    found: dict[UUID, list[tuple[int, str, str | None]]] = defaultdict(list)
    for nid, number, state, detail in session.execute(_EARLIER, {"nids": nids}):
        found[nid].append((number, state, detail.get("code")))
    return found


class _Asked(NamedTuple):
    """Of a person, what choosing their way asks for: rows of these cost a fifth of whole objects."""

    id: UUID
    number: int
    kind: str
    flags: str
    deceased: bool
    details: bytes
    guardian_id: UUID | None
    guardian_verified: bool
    guardian_conflict: bool | None


_PEOPLE = Table.metadata.tables[Person.__tablename__]
_ASKED = sa.select(*(_PEOPLE.c[name] for name in _Asked._fields)).where(
    _PEOPLE.c.id.in_(sa.bindparam("people", expanding=True))
)


def _ways(act: Act, people: Sequence[UUID]) -> dict[UUID, Way]:
    """The way to each of these people as of now."""
    asked = [_Asked(*row) for row in act.session.execute(_ASKED, {"people": people})]
    return {person.id: way for person, _, way in each_known(act, asked)}


def _open(act: Act, row: sa.Row[Any], sheets: Mapping[int, Sheet]) -> Content | None:
    try:
        return unseal(act.vault, row.nid, row.content, row.content_sha256, sheets)
    except VaultError:
        return None


def _same(row: sa.Row[Any], content: Content, way: Way) -> bool:
    """Whether the person would be told in just this way if it were chosen now; by a letter that is its lines, too."""
    planned = (row.channel, row.told_to, content.to_address, content.address_lines)
    return (way.channel, way.to, way.address, way.lines) == planned


def _write(act: Act, nids: Sequence[UUID], attempts: Sequence[dict[str, Any]], changed: Sequence[UUID]) -> None:
    if nids:
        act.session.execute(sa.insert(ATTEMPTS), attempts)
        act.session.execute(_ON_ITS_WAY, {"nids": nids})
    if changed:
        ended = {"state": "cancelled", "ended_because": CHANGED, "settled_at": act.now}
        act.session.execute(sa.update(NOTICES).where(NOTICES.c.nid.in_(changed)).values(**ended))


def _attempt(
    lease: Lease, row: sa.Row[Any], channel: str, earlier: Sequence[tuple[int, str, str | None]], now: datetime
) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "notice_id": row.nid,
        "sealed": lease.sealed,
        "number": len(earlier) + 1,
        "channel": channel,
        "worker": lease.owner,
        "fence": lease.fence,
        "state": "sending",
        "started_at": now,
        "detail": {},
        "possible_second_copy": any(state == "unknown" for _, state, _ in earlier),
    }


_END_OF_ATTEMPT = (
    sa.update(ATTEMPTS)
    .where(ATTEMPTS.c.id == sa.bindparam("which"))
    .values({name: sa.bindparam(name) for name in ("state", "ended_at", "reference", "detail")})
)


def _attempt_end(one: Claim, outcome: Outcome, now: datetime) -> dict[str, Any]:
    ended = {"which": one.attempt_id, "state": outcome.attempt, "ended_at": now}
    return ended | {"reference": outcome.reference, "detail": outcome.detail}


def _alike(settled: Sequence[tuple[Claim, Outcome]], now: datetime) -> Iterator[tuple[dict[str, Any], Sequence[UUID]]]:
    """The notices by what is to be written of them: most of a batch come to the same."""
    groups: dict[tuple[Any, ...], list[UUID]] = defaultdict(list)
    for one, outcome in settled:
        again_at = clock.now() + outcome.again_in if outcome.again_in else None
        groups[outcome.notice, again_at].append(one.nid)
    for (state, again_at), nids in groups.items():
        settled_at = now if state in ("accepted", "rejected", "cancelled") else None
        yield {"to_state": state, "again_at": again_at, "ended_at": settled_at}, nids


def _receipt(wave: Wave, one: Claim, outcome: Outcome, now: datetime, actor: str) -> dict[str, Any]:
    return {
        "incident_id": wave.incident_id,
        "about": "notice",
        "notice_id": one.nid,
        "kind": "accepted_by_channel",
        "reference": outcome.reference or "",
        "name": str(outcome.detail.get("how", "")),
        "sha256": one.content_sha256,
        "at": now,
        "recorded_by": actor,
    }
