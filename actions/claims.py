"""Claims queued notices and writes down what became of them: state before bytes, and every write behind the fence."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.lease import Lease
from actions.outcomes import SLOW_DOWN, Outcome, outcome_of
from channels.outcome import Accepted, ChannelError
from db.models import Attempt, Notice, Receipt, Wave
from db.queries.notices import AUTOMATIC

Answer = Accepted | ChannelError


@dataclass(frozen=True)
class Claim:
    """One notice that this worker may send once, with the attempt that was written down before."""

    nid: UUID
    attempt_id: UUID
    tries: int
    kind: str
    content: bytes = field(repr=False)
    content_sha256: str
    dated_at: datetime


def claim(session: Session, lease: Lease, wanted: int, now: datetime, names: Mapping[str, str]) -> list[Claim]:
    """Take up to so many queued notices. Their attempts are on disk before this worker knows of them.

    *names* are the channels by kind of message; *now* is the incident's time.
    """
    if wanted <= 0:
        return []
    notices = _queued(session, lease, wanted, list(names))
    before = _attempts(session, [notice.nid for notice in notices])
    claims, attempts = [], []
    for notice in notices:
        earlier = before[notice.nid]
        attempt = _attempt(lease, notice, names[notice.channel], earlier, now)
        attempts.append(attempt)
        tries = 1 + sum(one.state == "not_sent" and one.detail.get("code") not in SLOW_DOWN for one in earlier)
        claims.append(
            Claim(
                notice.nid,
                attempt["id"],
                tries,
                notice.channel,
                notice.content,
                notice.content_sha256,
                notice.dated_at or now,
            )
        )
    if claims:
        session.execute(sa.insert(Attempt), attempts)
        session.execute(sa.update(Notice), [{"nid": one.nid, "state": "sending"} for one in claims])
    return claims


def settle(
    session: Session, wave: Wave, answers: Sequence[tuple[Claim, Answer]], now: datetime, actor: str
) -> list[tuple[Claim, Outcome]]:
    """Write what the channel said. Who was flagged meanwhile, or whose wave was stopped, gets nothing more."""
    if not answers:
        return []
    query = sa.select(Notice.nid, Notice.flagged).where(Notice.nid.in_([one.nid for one, _ in answers]))
    flagged = dict(session.execute(query.with_for_update()).tuples().all())
    alive = wave.state in ("launched", "paused")
    settled = [
        (one, outcome_of(answer, one.tries, may_go_again=alive and not flagged[one.nid])) for one, answer in answers
    ]
    session.execute(sa.update(Attempt), [_attempt_end(one, outcome, now) for one, outcome in settled])
    session.execute(sa.update(Notice), [_notice_end(one, outcome, now) for one, outcome in settled])
    receipts = [_receipt(wave, one, outcome, now, actor) for one, outcome in settled if outcome.notice == "accepted"]
    if receipts:
        session.execute(sa.insert(Receipt), receipts)
    return settled


def summary(settled: Sequence[tuple[Claim, Outcome]]) -> dict[str, Any]:
    """A batch as the journal tells it: how many came to what, and a hash that proves which."""
    lines = sorted(f"{one.nid.hex} {outcome.notice}" for one, outcome in settled)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return {"notices": dict(Counter(outcome.notice for _, outcome in settled)), "sha256": digest}


def _queued(session: Session, lease: Lease, wanted: int, kinds: Sequence[str]) -> Sequence[Notice]:
    ready = sa.or_(Notice.wait_until.is_(None), Notice.wait_until <= clock.now())
    query = (
        sa.select(Notice)
        .where(Notice.wave_id == lease.wave_id, Notice.state == "queued", Notice.channel.in_(kinds), ready)
        .where(Notice.channel.in_(AUTOMATIC), ~Notice.flagged)
        .order_by(Notice.nid)
        .limit(wanted)
    )
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def _attempts(session: Session, nids: Sequence[UUID]) -> Mapping[UUID, list[Attempt]]:
    found: dict[UUID, list[Attempt]] = defaultdict(list)
    for attempt in session.scalars(sa.select(Attempt).where(Attempt.notice_id.in_(nids)).order_by(Attempt.number)):
        found[attempt.notice_id].append(attempt)
    return found


def _attempt(lease: Lease, notice: Notice, channel: str, earlier: Sequence[Attempt], now: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "notice_id": notice.nid,
        "sealed": lease.sealed,
        "number": len(earlier) + 1,
        "channel": channel,
        "worker": lease.owner,
        "fence": lease.fence,
        "state": "sending",
        "started_at": now,
        "detail": {},
        "possible_second_copy": any(one.state == "unknown" for one in earlier),
    }


def _attempt_end(one: Claim, outcome: Outcome, now: datetime) -> dict[str, Any]:
    ended = {"id": one.attempt_id, "state": outcome.attempt, "ended_at": now}
    return ended | {"reference": outcome.reference, "detail": outcome.detail}


def _notice_end(one: Claim, outcome: Outcome, now: datetime) -> dict[str, Any]:
    again_at = clock.now() + outcome.again_in if outcome.again_in else None
    settled_at = now if outcome.notice in ("accepted", "rejected", "cancelled") else None
    return {"nid": one.nid, "state": outcome.notice, "wait_until": again_at, "settled_at": settled_at}


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
