"""Looks for what became of notices of unknown fate, and writes down what the evidence allows; what it does not, a person decides."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from actions import clock
from actions.content import unseal
from actions.desk import Act, Desk
from actions.open_task import open_task
from actions.sheet import Sheet
from channels.outbox import Outbox
from channels.outcome import Channel, ChannelError, Evidence, Finding
from db.models import Attempt, Decision, Notice, Receipt, Wave
from db.vault import IncidentVault

ANOTHER_CHANNEL = Evidence(Finding.UNCLEAR, None, "it went through a channel that is not set up any more")


@dataclass(frozen=True)
class UnknownNotice:
    """A notice that may have been sent, with its last attempt."""

    nid: UUID
    attempt_id: UUID
    channel: str
    kind: str
    started_at: datetime
    flagged: bool
    content: bytes = field(repr=False)
    content_sha256: str


@dataclass(frozen=True)
class Found:
    """What was seen of one of them. *certain* is absence in a place that nothing can leave or enter unseen."""

    notice: UnknownNotice
    evidence: Evidence
    certain: bool = False


def unknown_notices(session: Session, wave_id: UUID, most: int) -> list[UnknownNotice]:
    """Those whose last attempt has surely ended; the ones looked at longest ago first."""
    any_ = aliased(Attempt)
    last = sa.select(sa.func.max(any_.number)).where(any_.notice_id == Notice.nid).scalar_subquery()
    query = (
        sa.select(Notice, Attempt)
        .join(Attempt, sa.and_(Attempt.notice_id == Notice.nid, Attempt.number == last))
        .where(Notice.wave_id == wave_id, Notice.state == "unknown", Attempt.state == "unknown")
        .order_by(Notice.wait_until.nulls_first(), Notice.nid)
        .limit(most)
    )
    return [
        UnknownNotice(
            nid=notice.nid,
            attempt_id=attempt.id,
            channel=attempt.channel,
            kind=notice.channel,
            started_at=attempt.started_at,
            flagged=notice.flagged,
            content=notice.content,
            content_sha256=notice.content_sha256,
        )
        for notice, attempt in session.execute(query)
    ]


def look(
    unknown: Sequence[UnknownNotice],
    ways: Mapping[str, Channel],
    vault: IncidentVault,
    wave_id: UUID,
    sheets: Mapping[int, Sheet],
) -> list[Found]:
    """Ask each notice's own channel. A channel that cannot answer now is not asked further; those notices wait."""
    found, silent = list[Found](), set[str]()
    for notice in unknown:
        channel = ways.get(notice.kind)
        if channel is None or notice.kind in silent:
            continue
        try:
            found.append(_ask(notice, channel, vault, wave_id, sheets))
        except ChannelError:
            silent.add(notice.kind)
    return found


def _ask(
    notice: UnknownNotice, channel: Channel, vault: IncidentVault, wave_id: UUID, sheets: Mapping[int, Sheet]
) -> Found:
    if channel.name != notice.channel:
        return Found(notice, ANOTHER_CHANNEL)
    content = unseal(vault, notice.nid, notice.content, notice.content_sha256, sheets)
    seen = channel.evidence(
        notice.nid, to_address=content.to_address, category=str(wave_id), since_at=notice.started_at
    )
    return Found(notice, seen, certain=isinstance(channel, Outbox) and seen.finding is Finding.ABSENT)


def write_down(desk: Desk, incident_id: UUID, wave_id: UUID, found: Sequence[Found]) -> Counter[str]:
    """Settle each by what was seen, unless something else settled it meanwhile. Returns how many came to what."""
    counts = Counter[str]()
    with desk.act("reconcile", incident_id) as act:
        wave = act.session.get_one(Wave, wave_id, with_for_update=True)
        for one in found:
            if _still_unknown(act, one):
                counts[_settle(act, wave, one)] += 1
        if counts["person"]:
            ask_about_copies(act, wave)
        if settled := {word: counts[word] for word in ("accepted", "queued", "cancelled") if counts[word]}:
            act.journal(f"wave {wave.number}", by_evidence=settled)
    return counts


def _still_unknown(act: Act, one: Found) -> bool:
    state = act.session.scalar(sa.select(Notice.state).where(Notice.nid == one.notice.nid).with_for_update())
    newest = sa.select(Attempt.id).where(Attempt.notice_id == one.notice.nid).order_by(Attempt.number.desc()).limit(1)
    return state == "unknown" and act.session.scalar(newest) == one.notice.attempt_id


def _settle(act: Act, wave: Wave, one: Found) -> str:
    """What this one comes to: accepted, queued, cancelled, a person's question, or still unknown."""
    if one.evidence.finding is Finding.FOUND:
        _mark(act, one, "accepted", "accepted")
        act.session.add(_receipt(act, one))
        return "accepted"
    if not one.certain and act.now - one.notice.started_at < _patience(act):
        return _keep(act, one, "unknown")
    if one.evidence.finding is Finding.UNCLEAR or (one.notice.flagged and not one.certain):
        return _keep(act, one, "person")
    alive = wave.state != "stopped" and not one.notice.flagged
    _mark(act, one, "not_sent" if one.certain else "unknown", "queued" if alive else "cancelled")
    return "queued" if alive else "cancelled"


def _patience(act: Act) -> timedelta:
    return timedelta(minutes=act.desk.settings.unknown_settles_after_minutes)


def _mark(act: Act, one: Found, attempt: str, notice: str) -> None:
    seen = {"evidence": one.evidence.finding.value, "seen": one.evidence.detail}
    values: dict[str, Any] = {"state": attempt, "detail": seen, "reference": one.evidence.reference}
    act.session.execute(sa.update(Attempt).where(Attempt.id == one.notice.attempt_id).values(**values))
    settled_at = act.now if notice != "queued" else None
    mine = sa.update(Notice).where(Notice.nid == one.notice.nid)
    act.session.execute(mine.values(state=notice, wait_until=None, settled_at=settled_at))


def _keep(act: Act, one: Found, word: str) -> str:
    """Not settled: remember when it was looked at, so that the others have their turn."""
    act.session.execute(sa.update(Notice).where(Notice.nid == one.notice.nid).values(wait_until=clock.now()))
    return word


def _receipt(act: Act, one: Found) -> Receipt:
    return Receipt(
        incident_id=act.incident.id,
        about="notice",
        notice_id=one.notice.nid,
        kind="found_by_evidence",
        reference=one.evidence.reference or "",
        name=one.evidence.detail,
        sha256=one.notice.content_sha256,
        at=act.now,
        recorded_by=act.desk.actor,
    )


def ask_about_copies(act: Act, wave: Wave) -> None:
    """Ask a person, once for each decision taken so far, what to do with notices that may or may not have arrived."""
    decided = sa.select(sa.func.count()).where(
        Decision.incident_id == act.incident.id, Decision.kind == "second_copy", Decision.about == f"wave {wave.number}"
    )
    open_task(
        act,
        kind="decide",
        key=f"second_copy:{wave.id}:{act.session.scalar(decided)}",
        title=f"Decide about notices of wave {wave.number} that may have arrived: send_again or other_way",
        why="Nothing shows whether they did. A second copy is a small harm to most people, a great one to some.",
    )
