"""Sends what a launched wave has queued: a window of notices in flight, each recorded before its first byte and after its answer."""

import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import sleep
from typing import ParamSpec, TypeVar
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from actions import clock, journal
from actions.claim_notes import note_claims
from actions.claims import CHANGED, Answer, Claim, Taken, claim, settle, summary
from actions.content import sheets_of
from actions.desk import Act, Desk
from actions.errors import Conflict
from actions.find_restore import refuse_restored
from actions.finish_wave import after_sending, is_being_sent, left_to_send, put_off
from actions.lease import LASTS, Busy, Lease, give_back, hold, take
from actions.outcomes import Outcome
from actions.pace import Allowance, paces, pause, slow_down, speed_up
from actions.post import Post
from actions.sheet import Sheet
from actions.triggers import mark_done
from actions.ways import channels_of
from channels.outcome import Channel, Halt, TryAgain
from db.models import Exercise, Incident
from db.queries.incidents import exercise_of
from db.session import DatabaseBusy
from db.vault import IncidentVault

P = ParamSpec("P")
R = TypeVar("R")

HELD_TRIES = 20
"""How often the database may be held by another writer, each time for as long as a write waits: ten minutes in all."""
TURN = 1.0
"""Seconds until the next turn at the latest: a pause or a stop is seen, and the lease renewed, at each."""
GATHER = 0.05
"""Seconds to gather answers for, so that several are written in one transaction; three quarters of a window are enough at once."""
REST = 60.0
"""Seconds that a wave rests when the next notice would meet the same fate, as with a full disk."""
PATIENCE = 20.0
"""A longer pause ends the run; the next one is wished for when it is over."""


@dataclass(frozen=True)
class Delivered:
    """What one run did: notices by what became of them, whether any are left for it, and from when on they may go."""

    notices: dict[str, int]
    left: bool
    resume_at: datetime | None

    @property
    def go_on(self) -> bool:
        """Whether another run could send more at once."""
        return self.left and self.resume_at is None


def deliver(desk: Desk, wave_id: UUID, *, most: int = 5000, shard: int | None = None) -> Delivered:
    """Send up to so many notices of the wave, of this shard or of one that is free. Safe to run at any time, by any number
    of workers, and to kill at any moment.

    Raises Busy while others send all of it, and Conflict when a person must act first (the wave is paused then).
    """
    left, resume_at = left_to_send(desk, wave_id, shard)
    if not left and is_being_sent(desk, wave_id, shard):
        raise Busy("This wave is being sent by another worker at this moment.")
    if not left or resume_at:
        return _end(desk, Delivered({}, left, resume_at), wave_id)
    refuse_restored(desk)
    lease = take(desk, wave_id, f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}", shard)
    try:
        with _ways(desk, lease) as world:
            run = _Run(desk, lease, world, most)
            run.go()
        done = _report(desk, lease, run)
    finally:
        give_back(desk, lease)
    left, resume_at = left_to_send(desk, wave_id, shard)
    return _end(desk, Delivered(done, left, resume_at), wave_id)


@dataclass(frozen=True)
class _World:
    """What a run needs of the outside: the channels by kind, the incident with its key and clock, and what notices share."""

    ways: Mapping[str, Channel]
    incident: Incident
    vault: IncidentVault = field(repr=False)
    exercise: Exercise | None
    sheets: Mapping[int, Sheet] = field(repr=False)


@contextmanager
def _ways(desk: Desk, lease: Lease) -> Iterator[_World]:
    """The checked channels. A wave whose channels cannot work is paused, or put off, before anything is claimed."""
    with desk.reading() as session:
        incident = session.get_one(Incident, lease.incident_id)
        exercise, vault = exercise_of(session, incident), desk.vault(session, incident.id)
        sheets = sheets_of(session, vault, lease.wave_id)
    with ExitStack() as stack:
        try:
            ways = channels_of(desk.settings, exercise)
            for channel in ways.values():
                stack.callback(channel.close)
                channel.check()
        except Halt as halt:
            after_sending(desk, lease, {}, str(halt))
            raise Conflict(f"The wave is paused: {halt}. Mend that, then launch it again.") from None
        except TryAgain as later:
            put_off(desk, lease, timedelta(seconds=later.retry_after or 60))
            raise Conflict(f"Nothing can be sent now: {later}. It goes on by itself.") from None
        yield _World(ways, incident, vault, exercise, sheets)


class _Run:
    """One worker's run over one shard."""

    def __init__(self, desk: Desk, lease: Lease, world: _World, most: int) -> None:
        self.desk, self.lease, self.world = desk, lease, world
        self.names = {kind: way.name for kind, way in world.ways.items()}
        self.allowed = {kind: Allowance(desk, name) for kind, name in self.names.items()}
        self.window, self.budget = desk.settings.window, most
        self.counts: dict[str, int] = {}
        self.changed = 0
        self.halted = ""
        self.resting = timedelta()
        self.post = Post(world.ways, str(lease.wave_id), min(self.window, most))

    def go(self) -> None:
        """Turn until nothing more can be claimed and every answer is written."""
        with self.post:
            while self._turn():
                pass

    def _turn(self) -> bool:
        """Write the answers that came, claim as many as there is room for, send those. False when the run is over."""
        answers = self.post.answers(TURN, GATHER, max(1, self.window * 7 // 8))
        room = 0 if self.halted or self.resting else min(self.window - self.post.flying, self.budget)
        wanted = {kind: _patiently(allowance.take, room) for kind, allowance in self.allowed.items()}
        taken, may = _patiently(self._transact, answers, wanted, room)
        for kind, most in wanted.items():
            self.allowed[kind].give_back(most - sum(one.kind == kind for one in taken.claims))
        note_claims(self.desk.settings, self.lease, self.names, taken.claims, clock.now())
        for one in taken.claims:
            self.post.give(one)
        self.budget -= len(taken.claims)
        starved = [kind for kind in wanted if room and not may[kind]]
        return bool(self.post.flying or taken.changed) or self._rest(starved)

    def _rest(self, starved: Sequence[str]) -> bool:
        """With nothing in flight and nothing claimed: wait for the channels whose pace let nothing go; else the run is over.

        Not for those that ask for patience now: on a slow machine it may have run out since they were asked.
        """
        if not starved or self.halted or self.resting:
            return False
        wait = min(self.allowed[kind].wait() for kind in starved)
        if wait > PATIENCE:
            self.resting = timedelta(seconds=wait)
            return False
        sleep(min(wait, TURN))
        return True

    def _transact(
        self, answers: Sequence[tuple[Claim, Answer]], wanted: Mapping[str, int], room: int
    ) -> tuple[Taken, Mapping[str, int]]:
        """One transaction behind the fence: what became of the last ones, then the next ones' attempts.

        With it, how many of each kind might go: an answer may have asked for a pause since they were wanted.
        """
        now, began = clock.now(self.world.exercise), clock.ticks()
        taken = Taken([])
        with self.desk.writing() as session:
            wave = hold(session, self.lease)
            settled = settle(session, wave, answers, now, self.desk.actor)
            self._learn(session, settled)
            may = {kind: 0 if self.allowed[kind].wait() else most for kind, most in wanted.items()}
            if wave.state == "launched" and not (self.halted or self.resting):
                taken = claim(self._act(session, now), self.lease, may, room, self.names, self.world.sheets)
            if settled or taken.changed:
                told = summary(settled) | ({"changed": taken.changed, "because": CHANGED} if taken.changed else {})
                entry = self.desk.entry("deliver", now, f"wave {wave.number}", told)
                journal.append(session, str(self.lease.incident_id), entry)
        for _, outcome in settled:
            self.counts[outcome.notice] = self.counts.get(outcome.notice, 0) + 1
        self.changed += taken.changed
        self.post.may_send_until = began + LASTS.total_seconds() * 2 / 3
        return taken, may

    def _act(self, session: Session, now: datetime) -> Act:
        """What choosing a way asks for. No lock is taken: the incident's acts and its workers do not wait for each other."""
        act = Act(self.desk, session, "deliver", self.world.incident, self.world.exercise, now)
        act.__dict__["vault"] = self.world.vault
        return act

    def _learn(self, session: Session, settled: Sequence[tuple[Claim, Outcome]]) -> None:
        """What the answers mean for the next turn, and for every other worker."""
        now, known = clock.now(), paces(session, list(self.names.values()))
        for kind, name in self.names.items():
            outcomes = [outcome for one, outcome in settled if one.kind == kind]
            asked = max((outcome.pause for outcome in outcomes), default=0.0)
            if any(outcome.slow_down for outcome in outcomes):
                slow_down(session, name, asked, now)
            elif asked:
                pause(session, name, asked, now)
            elif outcomes and name in known and known[name].slow_downs and outcomes[-1].notice == "accepted":
                speed_up(session, name, now)
        for outcome in (outcome for _, outcome in settled):
            if outcome.needs_person:
                self.halted = self.halted or str(outcome.detail.get("reason", "the channel stopped"))
            elif outcome.stops_run:
                self.resting = timedelta(seconds=max(outcome.pause, REST))
        if any(outcome.slow_down or outcome.pause for _, outcome in settled):
            known = paces(session, list(self.names.values()))
        for kind, name in self.names.items():
            self.allowed[kind].heed(known.get(name))


def _patiently(write: Callable[P, R], *told: P.args, **named: P.kwargs) -> R:
    """Again, as long as someone else keeps SQLite's one writer's place: what channels answered must not be lost meanwhile."""
    for _ in range(HELD_TRIES):
        with suppress(DatabaseBusy):
            return write(*told, **named)
    return write(*told, **named)


def _report(desk: Desk, lease: Lease, run: _Run) -> dict[str, int]:
    """Close the run: pause, put off or finish the wave, and say what became of the notices."""
    if run.resting:
        put_off(desk, lease, run.resting)
    after_sending(desk, lease, run.counts, run.halted, run.changed)
    if run.halted:
        raise Conflict(f"The wave is paused: {run.halted}. A task says what to do; then launch it again.")
    return run.counts


def _end(desk: Desk, done: Delivered, wave_id: UUID) -> Delivered:
    """The wishes for this run are fulfilled, unless it has to go on at once; what rests is wished for anew in its time."""
    if not done.go_on:
        with desk.writing() as session:
            mark_done(session, "deliver", wave_id=wave_id)
    return done
