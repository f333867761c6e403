"""Whatever happens in whatever order – faults, deaths, pauses, flags, stops, time – nobody is told twice unmarked, and nothing is believed that is not so."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from actions.deliver import deliver
from actions.desk import Desk
from actions.errors import Conflict
from actions.flag_person import flag_person
from actions.found import found
from actions.launch import launch
from actions.prepare_notices import prepare_notices
from actions.reconcile import reconcile
from actions.release_wave import release_wave
from actions.stop_wave import pause_wave, resume_wave, stop_wave
from channels.envelope import Envelope
from channels.outcome import Accepted, ChannelError, Evidence, Finding, Halt, Refused, TryAgain, Unknown
from db.models import Attempt, Notice, Person, Wave
from db.models.notice import LIVE
from settings.model import Settings
from tests.conftest import MANAGER
from tests.delivery import claim_all, expire, later
from tests.ledger import an_incident_with, approved, customers

PEOPLE = 6
FAULTS: dict[str, tuple[bool, ChannelError | None]] = {
    "taken": (True, None),
    "answer lost": (True, Unknown("the answer was lost")),
    "request lost": (False, Unknown("the request was lost")),
    "redirected": (False, Unknown("redirected", "302", stops_run=True)),
    "tired": (False, TryAgain("slow down", "429", retry_after=0.001)),
    "grey": (False, TryAgain("not now", "451")),
    "full": (False, TryAgain("the disk is full", stops_run=True)),
    "refused": (False, Refused("no such mailbox", "550")),
    "key": (False, Halt("the key is refused", "401")),
}


LIKELY = (*FAULTS, *["taken", "answer lost", "request lost"] * 3)
SOME_FAULTS = st.lists(st.sampled_from(LIKELY), min_size=1, max_size=3)
RARELY = st.integers(0, 9).map(lambda number: number == 0)


class Post:
    """A channel that keeps what it took, does what it is told to get wrong, and can be asked later."""

    name = "sendgrid"
    kind = "email"

    def __init__(self) -> None:
        self.taken: list[UUID] = []
        self.ahead: list[str] = []
        self.behind = False
        self.denied: set[UUID] = set()

    def check(self) -> None:
        """Always ready."""

    def close(self) -> None:
        """Nothing is held open."""

    def send(self, envelope: Envelope) -> Accepted:
        takes, error = FAULTS[self.ahead.pop() if self.ahead else "taken"]
        if takes:
            self.taken.append(envelope.nid)
        if error is not None:
            raise error
        return Accepted("ref", "taken")

    def evidence(self, nid: UUID, *, to_address: str, category: str, since_at: datetime) -> Evidence:
        if nid in self.taken and not self.behind:
            return Evidence(Finding.FOUND, "ref", "in the records")
        self.denied |= {nid} & set(self.taken)
        return Evidence(Finding.ABSENT, None, "not in the records")


class Lives(RuleBasedStateMachine):
    """One launched wave of a few people, behind a canary of one, and everything that may happen to it."""

    template: ClassVar[Path]
    incident: ClassVar[UUID]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="fw-machine-"))
        shutil.copytree(self.template, self.folder, dirs_exist_ok=True)
        self.post = Post()
        self.flagged_when: dict[UUID, int] = {}
        self.desk = Desk(settings_in(self.folder), MANAGER)
        self.patch = pytest.MonkeyPatch()
        for module in ("deliver", "reconcile"):
            self.patch.setattr(f"actions.{module}.channels_of", lambda *_: {"email": self.post})

    def teardown(self) -> None:
        self.patch.undo()
        self.desk.close()
        shutil.rmtree(self.folder)

    def wave(self) -> Wave:
        with self.desk.reading() as session:
            return session.scalars(sa.select(Wave).where(Wave.number == 1)).one()

    def ready(self) -> None:
        """Someone looked after the wave: it is not paused, and no dead worker holds it."""
        expire(self.desk)
        with suppress(Conflict):
            resume_wave(self.desk, self.incident, 1)

    @rule(faults=SOME_FAULTS, most=st.integers(1, 3))
    def work(self, faults: list[str], most: int) -> None:
        self.ready()
        self.post.ahead = faults
        with suppress(Conflict):
            deliver(self.desk, self.wave().id, most=most)
        self.post.ahead = []

    @rule(taken=st.integers(0, PEOPLE))
    def a_worker_dies_after_some_were_taken(self, taken: int) -> None:
        self.ready()
        if self.wave().state == "launched":
            _, claims = claim_all(self.desk, self.wave())
            self.post.taken += [one.nid for one in claims[:taken]]

    @rule(behind=st.booleans(), faults=SOME_FAULTS)
    def an_hour_passes_and_the_watch_looks(self, behind: bool, faults: list[str]) -> None:
        later(self.desk)
        with self.desk.writing() as session:
            session.execute(sa.update(Notice).where(Notice.state == "queued").values(wait_until=None))
            session.execute(sa.update(Wave).values(wait_until=None))
        self.look(behind)
        self.work(faults, most=3)

    @rule(behind=st.booleans())
    def look(self, behind: bool) -> None:
        self.post.behind = behind
        reconcile(self.desk)

    @rule(rarely=RARELY)
    def pause(self, rarely: bool) -> None:
        with suppress(Conflict):
            if rarely:
                pause_wave(self.desk, self.incident, 1, "wait")

    @rule(number=st.integers(1, PEOPLE), rarely=RARELY)
    def flag(self, number: int, rarely: bool) -> None:
        if not rarely:
            return
        flag_person(self.desk, self.incident, number, "victim_of_abuse", "they rang")
        with self.desk.reading() as session:
            nids = session.scalars(
                sa.select(Notice.nid).join(Person, Notice.person_id == Person.id).where(Person.number == number)
            ).all()
        for nid in nids:
            self.flagged_when.setdefault(nid, self.post.taken.count(nid))

    @rule(rarely=RARELY)
    def stop(self, rarely: bool) -> None:
        with suppress(Conflict):
            if rarely:
                stop_wave(self.desk, self.incident, 1, "wrong list")

    @rule(often=st.booleans())
    def release(self, often: bool) -> None:
        with suppress(Conflict):
            if often:
                release_wave(self.desk, self.incident, 1, "they wait")

    @rule()
    def prepare(self) -> None:
        prepare_notices(self.desk, self.incident)

    @invariant()
    def nobody_gets_a_second_copy_unless_the_evidence_was_wrong_and_then_it_is_marked(self) -> None:
        with self.desk.reading() as session:
            marked = Counter(session.scalars(sa.select(Attempt.notice_id).where(Attempt.possible_second_copy)))
        for nid, copies in Counter(self.post.taken).items():
            assert copies <= 1 + (marked[nid] if nid in self.post.denied else 0)

    @invariant()
    def nothing_counts_as_accepted_that_was_never_taken(self) -> None:
        with self.desk.reading() as session:
            accepted = set(session.scalars(sa.select(Notice.nid).where(Notice.state == "accepted")))
        assert accepted <= set(self.post.taken)

    @invariant()
    def what_was_taken_is_never_believed_unsent(self) -> None:
        """Taken, it is accepted, in flight or unknown; or a second copy of it is under way, marked when it goes."""
        with self.desk.reading() as session:
            states = dict(session.execute(sa.select(Notice.nid, Notice.state)).all())
            doubted = set(session.scalars(sa.select(Attempt.notice_id).where(Attempt.state == "unknown")))
        for nid in set(self.post.taken):
            assert states[nid] in ("accepted", "sending", "unknown") or nid in doubted

    @invariant()
    def nothing_is_sent_to_anyone_after_they_were_flagged(self) -> None:
        for nid, copies in self.flagged_when.items():
            in_flight = self.post.taken.count(nid) - copies
            assert in_flight == 0

    @invariant()
    def nobody_has_two_living_notices(self) -> None:
        with self.desk.reading() as session:
            living = Counter(session.scalars(sa.select(Notice.person_id).where(sa.text(LIVE))))
        assert max(living.values(), default=0) <= 1

    @invariant()
    def nobody_passes_the_canary_before_its_release(self) -> None:
        if self.wave().released_at is None:
            with self.desk.reading() as session:
                rest = sa.select(Notice.state).where(Notice.wave_id == self.wave().id, ~Notice.canary)
                assert set(session.scalars(rest)) <= {"drafted", "cancelled"}

    @invariant()
    def a_wave_is_done_only_when_nothing_of_it_is_open(self) -> None:
        if self.wave().state == "done":
            with self.desk.reading() as session:
                states = set(session.scalars(sa.select(Notice.state).where(Notice.wave_id == self.wave().id)))
            assert not states & {"drafted", "held", "queued", "sending", "unknown"}


def settings_in(folder: Path) -> Settings:
    return Settings(
        home=folder,
        database_url=f"sqlite:///{folder / 'forthwith.db'}",
        rate_per_second=100_000,
        organisation="Example Office",
        contact_name="Alex Example",
        contact_email="dpo@example.org",
        contact_phone="020 7946 0018",
    )


@pytest.fixture(scope="module", autouse=True)
def _template(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[None]:
    """A launched wave in a small deployment, copied for each run of the machine."""
    folder = tmp_path_factory.mktemp("machine")
    shutil.copy(sqlite_template, folder / "forthwith.db")
    made = settings_in(folder)
    found(made)
    with Desk(made, MANAGER) as desk:
        incident = an_incident_with(desk, folder, customers(PEOPLE))
        approved(desk, incident)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("actions.canary.FROM", PEOPLE)
            launch(desk, incident.id, 1)
        with desk.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    Lives.template, Lives.incident = folder, incident.id
    yield


TestLives: Any = Lives.TestCase
TestLives.settings = how(max_examples=20, stateful_step_count=25, deadline=None)
