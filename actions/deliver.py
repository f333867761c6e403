"""Sends what a launched wave has queued: a window of notices in flight, each recorded before its first byte and after its answer."""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import sleep
from uuid import UUID, uuid4

from actions import clock, journal
from actions.as_sent import envelope_of
from actions.claim_notes import note_claims
from actions.claims import Answer, Claim, claim, settle, summary
from actions.content import sheets_of, unseal
from actions.desk import Desk
from actions.errors import Conflict
from actions.find_restore import refuse_restored
from actions.finish_wave import after_sending, left_to_send, put_off
from actions.lease import LASTS, Lease, give_back, hold, take
from actions.outcomes import Outcome
from actions.pace import Pace
from actions.ramp import pace_on
from actions.sheet import Sheet
from actions.triggers import mark_done
from actions.ways import channels_of
from channels.outcome import Channel, ChannelError, Halt, TryAgain, Unknown
from db.models import Exercise, Incident
from db.queries.incidents import exercise_of
from db.vault import IncidentVault, VaultError

THREADS = 32
TURN = 1.0
"""Seconds until the next turn at the latest: a pause or a stop is seen, and the lease renewed, at each."""
GATHER = 0.01
"""Seconds to gather answers for, so that several are written in one transaction."""
REST = 60.0
"""Seconds that a wave rests when the next notice would meet the same fate, as with a full disk."""
PATIENCE = 20.0
"""A longer pause ends the run; the next one is wished for when it is over."""


@dataclass(frozen=True)
class Delivered:
    """What one run did: notices by what became of them, how many are left, and from when on they may go."""

    notices: dict[str, int]
    left: int
    resume_at: datetime | None

    @property
    def go_on(self) -> bool:
        """Whether another run could send more at once."""
        return self.left > 0 and self.resume_at is None


def deliver(desk: Desk, wave_id: UUID, *, most: int = 5000) -> Delivered:
    """Send up to so many notices of the wave. Safe to run at any time and to kill at any moment.

    Raises Conflict while another worker sends the wave, and when a person must act first (the wave is paused then).
    """
    left, resume_at = left_to_send(desk, wave_id)
    if not left or resume_at:
        return _end(desk, Delivered({}, left, resume_at), wave_id)
    refuse_restored(desk)
    lease = take(desk, wave_id, f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}")
    try:
        with _ways(desk, lease) as world:
            run = _Run(desk, lease, world, most)
            run.go()
        return _report(desk, lease, run)
    finally:
        give_back(desk, lease)


@dataclass(frozen=True)
class _World:
    """What a run needs of the outside: the channels by kind, the incident's key and its clock."""

    ways: Mapping[str, Channel]
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
        yield _World(ways, vault, exercise, sheets)


class _Run:
    """One worker's run over one wave."""

    def __init__(self, desk: Desk, lease: Lease, world: _World, most: int) -> None:
        self.desk, self.lease, self.world = desk, lease, world
        self.names = {kind: way.name for kind, way in world.ways.items()}
        self.flying: dict[Future[Answer], Claim] = {}
        self.budget = most
        self.pace = Pace(pace_on(desk.settings, clock.now().date()))
        self.counts: dict[str, int] = {}
        self.halted = ""
        self.resting = timedelta()
        self.may_send_until = 0.0

    def go(self) -> None:
        """Turn until nothing more can be claimed and every answer is written."""
        with ThreadPoolExecutor(min(THREADS, self.desk.settings.window)) as pool:
            try:
                while self._turn(pool):
                    pass
            finally:
                self.may_send_until = 0.0  # what is still waiting in the pool stays here

    def _turn(self, pool: ThreadPoolExecutor) -> bool:
        """Write the answers that came, claim as many as there is room for, send those. False when the run is over."""
        answers = self._answers()
        began = clock.ticks()
        claims, wanted = self._transact(answers)
        self.may_send_until = began + LASTS.total_seconds() * 2 / 3
        self.pace.give_back(wanted - len(claims))
        note_claims(self.desk.settings, self.lease, self.names, claims, clock.now())
        for one in claims:
            self.flying[pool.submit(self._send, one)] = one
        self.budget -= len(claims)
        return bool(self.flying) or self._rest(nothing_left=wanted > 0)

    def _wanted(self) -> int:
        room = min(self.desk.settings.window - len(self.flying), self.budget)
        return 0 if self.halted or self.resting else self.pace.take(max(0, room))

    def _rest(self, *, nothing_left: bool) -> bool:
        """With nothing in flight: wait for the pace, or end the run."""
        if nothing_left or self.halted or self.resting or self.budget <= 0:
            return False
        pause = self.pace.wait()
        if pause > PATIENCE:
            self.resting = timedelta(seconds=pause)
            return False
        sleep(min(pause, TURN))
        return True

    def _answers(self) -> list[tuple[Claim, Answer]]:
        if not self.flying:
            return []
        done, _ = wait(self.flying, timeout=TURN, return_when=FIRST_COMPLETED)
        if len(done) < len(self.flying):
            done, _ = wait(self.flying, timeout=GATHER)
        return [(self.flying.pop(future), future.result()) for future in done]

    def _transact(self, answers: Sequence[tuple[Claim, Answer]]) -> tuple[list[Claim], int]:
        """One transaction behind the fence: what became of the last ones, then the next ones' attempts.

        Gives the claims and how many were wanted; a pause that an answer asks for is kept before anything more is claimed.
        """
        now = clock.now(self.world.exercise)
        with self.desk.writing() as session:
            wave = hold(session, self.lease)
            settled = settle(session, wave, answers, now, self.desk.actor)
            self._learn(settled)
            wanted = self._wanted()
            claims = claim(session, self.lease, wanted, now, self.names) if wave.state == "launched" else []
            if settled:
                entry = self.desk.entry("deliver", now, f"wave {wave.number}", summary(settled))
                journal.append(session, str(self.lease.incident_id), entry)
        for _, outcome in settled:
            self.counts[outcome.notice] = self.counts.get(outcome.notice, 0) + 1
        return claims, wanted

    def _learn(self, settled: Sequence[tuple[Claim, Outcome]]) -> None:
        """What the answers of one turn mean for the next."""
        outcomes = [outcome for _, outcome in settled]
        if any(outcome.notice == "accepted" for outcome in outcomes):
            self.pace.speed_up()
        self.pace.pause(max((outcome.pause for outcome in outcomes), default=0.0))
        if any(outcome.slow_down for outcome in outcomes):
            self.pace.slow_down(max(outcome.pause for outcome in outcomes if outcome.slow_down))
        for outcome in outcomes:
            if outcome.needs_person:
                self.halted = self.halted or str(outcome.detail.get("reason", "the channel stopped"))
            elif outcome.stops_run:
                self.resting = timedelta(seconds=max(outcome.pause, REST))

    def _send(self, one: Claim) -> Answer:
        """In a thread: hand one over. Whatever goes wrong after the channel has it may mean that it was sent."""
        if clock.ticks() > self.may_send_until:
            return TryAgain("the worker stopped before this one's turn")
        try:
            content = unseal(self.world.vault, one.nid, one.content, one.content_sha256, self.world.sheets)
        except VaultError:
            return Halt("a stored notice is not the one that was approved")
        try:
            return self.world.ways[one.kind].send(envelope_of(one.nid, content, one.dated_at, str(self.lease.wave_id)))
        except ChannelError as error:
            return error
        except Exception as error:  # noqa: BLE001 - a fault in a channel must not lose what is known of the notice
            return Unknown(f"the channel failed with {type(error).__name__}", stops_run=True)


def _report(desk: Desk, lease: Lease, run: _Run) -> Delivered:
    """Close the run: pause, put off or finish the wave; say what is left."""
    if run.resting:
        put_off(desk, lease, run.resting)
    after_sending(desk, lease, run.counts, run.halted)
    left, resume_at = left_to_send(desk, lease.wave_id)
    done = _end(desk, Delivered(run.counts, left, resume_at), lease.wave_id)
    if run.halted:
        raise Conflict(f"The wave is paused: {run.halted}. A task says what to do; then launch it again.")
    return done


def _end(desk: Desk, done: Delivered, wave_id: UUID) -> Delivered:
    """The wishes for this run are fulfilled, unless it has to go on at once; what rests is wished for anew in its time."""
    if not done.go_on:
        with desk.writing() as session:
            mark_done(session, "deliver", wave_id=wave_id)
    return done
