"""Settles what became of each notice: dead workers' sends become unknown, unknowns are settled by evidence, failures go on to the next way."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.content import sheets_of
from actions.desk import Desk
from actions.errors import Conflict
from actions.evidence import look, unknown_notices, write_down
from actions.find_restore import find_restore
from actions.finish_wave import finish
from actions.give_up_waiting import give_up_waiting
from actions.keep_hours import keep_hours
from actions.lease import sweep
from actions.mind_canary import mind_canary
from actions.read_bounces import fetch_bounces
from actions.settle_events import settle_events
from actions.shards import is_held, queued, shards_of, within
from actions.ways import channels_of
from channels.outcome import Channel, ChannelError
from db.models import Attempt, Exercise, Incident, Notice, Trigger, Wave
from db.queries.incidents import exercise_of
from db.queries.notices import moving_waves
from db.session import DatabaseBusy

AT_ONCE = 500
"""Unknown notices of one wave that one look asks about; the next look asks about the others."""


@dataclass(frozen=True)
class Reconciled:
    """What one look did, over all waves."""

    swept: int
    accepted: int
    queued_again: int
    for_a_person: int
    still_unknown: int
    done: int
    events: int = 0


def reconcile(desk: Desk) -> Reconciled:
    """Settle what the evidence allows. Safe to run at any time, and by two at once.

    A wave whose look fails does not keep the others from theirs; the failures are raised together at the end.
    """
    total, failures = Counter[str](), list[Exception]()
    find_restore(desk)
    for word, step in (("bounces", fetch_bounces), ("events", settle_events), ("given_up", give_up_waiting)):
        try:
            total[word] += step(desk)
        except Exception as failure:  # noqa: BLE001 - as below
            failures.append(_unless_held(failure))
    with desk.reading() as session:
        waves = [(wave.id, wave.incident_id) for wave in moving_waves(session)]
    for wave_id, incident_id in waves:
        try:
            total += _look_at(desk, wave_id, incident_id)
        except Conflict:
            continue  # the incident was closed, or the wave taken up, since we listed it
        except Exception as failure:  # noqa: BLE001 - one wave's fault must not leave the others unsettled; raised below
            failures.append(_unless_held(failure))
    if failures:
        raise ExceptionGroup("some waves could not be settled", failures)
    return Reconciled(
        swept=total["swept"],
        accepted=total["accepted"],
        queued_again=total["queued"],
        for_a_person=total["person"],
        still_unknown=total["unknown"],
        done=total["done"],
        events=total["events"],
    )


def _unless_held(failure: Exception) -> Exception:
    """Where another keeps the whole database, each of the others would wait as long for the same: DatabaseBusy is raised at once."""
    if isinstance(failure, DatabaseBusy):
        raise failure
    return failure


def _look_at(desk: Desk, wave_id: UUID, incident_id: UUID) -> Counter[str]:
    counts = Counter({"swept": _sweep(desk, wave_id, incident_id)})
    with desk.reading() as session:
        unknown = unknown_notices(session, wave_id, AT_ONCE)
        incident = session.get_one(Incident, incident_id)
        exercise, vault = exercise_of(session, incident), desk.vault(session, incident_id) if unknown else None
        sheets = sheets_of(session, vault, wave_id) if vault else {}
    if unknown and vault is not None:
        with _channels(desk, exercise) as ways:
            found = look(unknown, ways, vault, wave_id, sheets)
        counts += write_down(desk, incident_id, wave_id, found)
    counts["done"] = _move_on(desk, wave_id, incident_id)
    return counts


@contextmanager
def _channels(desk: Desk, exercise: Exercise | None) -> Iterator[Mapping[str, Channel]]:
    """The channels to ask; none at all where they cannot be built, so that nothing is settled on a guess."""
    with ExitStack() as stack:
        try:
            ways = channels_of(desk.settings, exercise)
        except ChannelError:
            ways = {}
        for channel in ways.values():
            stack.callback(channel.close)
        yield ways


def _sweep(desk: Desk, wave_id: UUID, incident_id: UUID) -> int:
    """Take shards away from workers that have been silent for too long."""
    swept = 0
    with desk.act("reconcile", incident_id) as act:
        wave = act.session.get_one(Wave, wave_id, with_for_update=True)
        left = sa.select(Attempt.id).join(Notice, Attempt.notice_id == Notice.nid)
        in_flight = left.where(Notice.state.in_(("sending", "unknown")), Attempt.state == "sending").limit(1)
        for shard in shards_of(act.session, wave):
            if not is_held(shard) and act.session.scalar(in_flight.where(within(shard))) is not None:
                swept += sweep(act.session, wave, shard)
        if swept:
            act.journal(f"wave {wave.number}", became_unknown=swept, fence=wave.fence)
    return swept


def _move_on(desk: Desk, wave_id: UUID, incident_id: UUID) -> int:
    """Finish the wave, or wish again for the run that was lost; wish for the next way of those whom this one failed."""
    with desk.act("reconcile", incident_id) as act:
        wave = act.session.get_one(Wave, wave_id, with_for_update=True)
        mind_canary(act, wave)
        keep_hours(act, wave)
        if finish(act, wave):
            return 1
        resting = wave.wait_until is not None and wave.wait_until > clock.now()
        if wave.state != "launched" or resting or _wished(act.session, wave_id):
            return 0
        free = [shard for shard in shards_of(act.session, wave) if not is_held(shard)]
        if any(queued(act.session, within(shard)) for shard in free):
            act.ask_for("deliver", because=f"wave {wave.number} has notices left to send", wave_id=wave_id)
    return 0


def _wished(session: Session, wave_id: UUID) -> bool:
    """Whether a run is wished for already: the watch sees to it that it comes."""
    wish = sa.select(Trigger.id).where(Trigger.flow == "deliver", Trigger.wave_id == wave_id, Trigger.done_at.is_(None))
    return session.scalar(wish.limit(1)) is not None
