"""People of every sort and changes at every moment, from the list to the outbox: what leaves is compared with a model of its own."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actions.approve_wave import approve_wave
from actions.correct_person import correct_person
from actions.declare import Declared
from actions.deliver import deliver
from actions.desk import Desk
from actions.details import age_on
from actions.flag_person import flag_person
from actions.launch import launch
from actions.prepare_notices import prepare_notices
from db.models import Notice, Person
from db.models.person import FLAGS
from db.queries.notices import waves_of
from tests.conftest import MANAGER, Time, a_deployment
from tests.ledger import APPROVER, an_incident_with, enter

some = st.sampled_from
MAILBOXES = [f"shared{n}@example.org" for n in range(3)]
SAFE = {
    "safe_channel": "phone",
    "safe_number": "07700 900999",
    "safe_confirmed_by": "x",
    "safe_confirmed_on": "2026-11-01",
}
GUARDIAN = {
    "reference": "G",
    "kind": "guardian",
    "name": "Gina Glen",
    "email": "gina@example.org",
    "phone": "07700 900500",
}
TOMORROW_18 = "comes of age tomorrow"

rows = st.fixed_dictionaries(
    {
        "kind": some(["customer", "customer", "employee", "witness", "victim", "accused", "third_party"]),
        "email": some(["own", "own", "own", *MAILBOXES, "gina@example.org", ""]),
    },
    optional={
        "flags": some(FLAGS),
        "birth_date": some(["1980-01-01", "2015-01-01", TOMORROW_18]),
        "deceased": st.just("yes"),
        "guardian_conflict": some(["no", "yes", "unknown"]),
        "address": some(["1 Sample Street;Sampletown", "no fixed abode"]),
        "safe_until": some(["2026-11-21", "2030-01-01"]),
    },
)
CHANGES = ("flag", "share", "accuse", "die", "suspect", "a_day", "nothing")
changes = st.tuples(some(CHANGES), st.integers(0, 5))


@dataclass
class World:
    """An incident, and what the test itself knows of its people."""

    desk: Desk
    time: Time
    folder: Path
    people: list[dict[str, str]]
    accused: list[str] = field(default_factory=list)
    incident: Declared = field(init=False)

    def begin(self) -> None:
        self.incident = an_incident_with(self.desk, self.folder, [*self.people, GUARDIAN])

    def change(self, what: str, which: int) -> None:
        """Something happens to one of them, and to the model."""
        place = which % len(self.people)
        person, number, why = self.people[place], place + 1, "somebody told us"
        if what == "flag":
            person["flags"] = "victim_of_abuse"
            flag_person(self.desk, self.incident.id, number, "victim_of_abuse", why)
        elif what == "share":
            self._correct(place, "email", self.people[0]["email"] or "gina@example.org")
        elif what == "die":
            self._correct(place, "deceased", "yes")
        elif what == "suspect" and "guardian_reference" in person:
            self._correct(place, "guardian_conflict", "yes")
        elif what == "accuse":
            self._accuse(person["email"])
        elif what == "a_day":
            self.time.move(hours=24)

    def _correct(self, place: int, column: str, value: str) -> None:
        self.people[place][column] = value
        correct_person(self.desk, self.incident.id, place + 1, {column: value}, "somebody told us")

    def _accuse(self, email: str) -> None:
        """Someone accused joins the ledger with the mailbox of someone there; they are in the model by their mailbox alone."""
        row = {"reference": f"A{uuid4().hex}", "kind": "accused", "name": "Added Later", "email": email}
        enter(self.desk, self.incident, self.folder, [row], "later.csv")
        self.accused.append(email)

    def may_be_written_to(self) -> set[int]:
        """By number, whom a message may reach without a person: worked out from the rows, by nothing that the product has."""
        boxes = Counter(one["email"].casefold() for one in [*self.people, GUARDIAN] if one["email"])
        boxes.update(one.casefold() for one in self.accused if one)
        streets = Counter(one.get("address", "") for one in self.people)
        numbers = Counter(one.get("safe_number", "") for one in self.people)
        today = self.time.now.date()
        return {
            number
            for number, one in enumerate(self.people, 1)
            if harmless(one, today)
            and boxes[one["email"].casefold()] <= 1
            and (not one.get("address") or streets[one["address"]] == 1)
            and (not one.get("safe_number") or numbers[one["safe_number"]] == 1)
        }

    def step(self, do: str) -> None:
        """Draft, approve or launch whatever there is to it."""
        with self.desk.reading() as session:
            waves = waves_of(session, self.incident.id)
        if do == "draft":
            prepare_notices(self.desk, self.incident.id)
        for wave in waves:
            if do == "approve" and wave.state == "draft":
                approve_wave(self.desk.acting_as(APPROVER), self.incident.id, wave.number)
            if do == "launch" and wave.state == "approved":
                launch(self.desk, self.incident.id, wave.number)
            if do == "deliver" and wave.state == "launched":
                deliver(self.desk, wave.id)


def harmless(one: dict[str, str], today: date) -> bool:
    grown = "birth_date" not in one or age_on(date.fromisoformat(one["birth_date"]), today) >= 18
    return (
        grown
        and one["kind"] != "victim"
        and not one.get("flags")
        and one.get("deceased") != "yes"
        and not _homeless(one)
    )


def _homeless(one: dict[str, str]) -> bool:
    return one.get("address") == "no fixed abode"


def whole(place: int, drawn: dict[str, str], today: date) -> dict[str, str]:
    """A row that a list may hold: with a name that is found again, and with what belongs together."""
    row = drawn | {"reference": f"P{place}", "name": f"Markname{place} Sample"}
    row["email"] = f"own{place}@example.org" if drawn["email"] == "own" else drawn["email"]
    if row.get("birth_date") == TOMORROW_18:
        row["birth_date"] = (today + timedelta(days=1)).replace(year=today.year - 18).isoformat()
    if "guardian_conflict" in row:
        row |= {"guardian_reference": "G", "guardian_verified": "yes"}
    return row | SAFE if "safe_until" in row else row


def left(desk: Desk, incident: Declared, known: set[UUID]) -> dict[int, list[str]]:
    """What is in the outbox of this incident and was not known before, by the number of its person."""
    query = sa.select(Notice.nid, Person.number).join(Person, Notice.person_id == Person.id)
    with desk.reading() as session:
        numbers = dict(session.execute(query.where(Notice.incident_id == incident.id)).tuples().all())
    found: dict[int, list[str]] = {}
    for path in desk.settings.outbox_folder.rglob("*"):
        nid = next((one for one in numbers if one.hex in path.name or str(one) in path.name), None)
        if nid is not None and nid not in known and path.is_file():
            known.add(nid)
            found.setdefault(numbers[nid], []).append(path.read_text(errors="replace"))
    return found


@pytest.fixture
def desk(tmp_path: Path, sqlite_template: Path) -> Iterator[Desk]:
    """On SQLite alone: what the database refuses is tried on both elsewhere."""
    url = tmp_path / "forthwith.db"
    url.write_bytes(sqlite_template.read_bytes())
    with Desk(a_deployment(tmp_path / "home", f"sqlite:///{url}"), MANAGER) as made:
        yield made


STEPS = ("draft", "approve", "launch", "deliver", "draft", "approve", "launch", "deliver")


ORDINARY = [{"kind": "customer", "email": "own"}, {"kind": "accused", "email": "own"}]
SHARING = [
    {"kind": "customer", "email": "gina@example.org"},
    {"kind": "employee", "email": "own", "birth_date": TOMORROW_18},
]


@example(drawn=[*ORDINARY, *SHARING], happens=[("nothing", 0), ("share", 1), ("accuse", 0), *[("a_day", 0)] * 5])
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    drawn=st.lists(rows, min_size=4, max_size=6), happens=st.lists(changes, min_size=len(STEPS), max_size=len(STEPS))
)
def test_whatever_they_are_and_whatever_happens_nobody_unsafe_is_written_to(
    desk: Desk, time: Time, tmp_path: Path, drawn: Sequence[dict[str, str]], happens: Sequence[tuple[str, int]]
) -> None:
    world = World(desk, time, tmp_path, [whole(place, one, time.now.date()) for place, one in enumerate(drawn)])
    world.begin()
    known, ever = set[UUID](), Counter[int]()
    for do, (what, which) in zip(STEPS, happens, strict=True):
        allowed = world.may_be_written_to()
        world.step(do)
        messages = left(desk, world.incident, known)
        check(world.people, messages, allowed)
        ever.update({number: len(texts) for number, texts in messages.items()})
        world.change(what, which)
    assert all(count == 1 for count in ever.values()), "nobody is told twice"


def check(people: Sequence[dict[str, str]], messages: dict[int, list[str]], allowed: set[int]) -> None:
    """Each message is to someone who may have it, names nobody else, and has the words of their own circle."""
    for number, texts in messages.items():
        if number > len(people):
            continue  # who was added later
        assert number in allowed, (people[number - 1], "must not be written to")
        for text in texts:
            names: Any = {place for place in range(len(people)) if f"Markname{place} " in text}
            assert names <= {number - 1}
