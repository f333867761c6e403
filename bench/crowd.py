"""A full house to measure in: some incidents made by the application itself, then copied by the database into thousands."""

import csv
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from actions import clock
from actions.add_account import add_account
from actions.approve_wave import approve_wave
from actions.assess import assess
from actions.contain import contain
from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.found import found
from actions.import_people import import_people
from actions.launch import launch
from actions.prepare_notices import prepare_notices
from actions.prepare_reports import prepare_reports
from actions.record_facts import Known, record_facts
from db.chain import GENESIS, link
from db.models import Heartbeat
from db.types import Table
from settings.model import Settings

MANAGER, PASSWORD = "manager@example.org", "four grey herons stand here"
DUTIES = 120
PEOPLE = 100
OWNERS = 200
ENTRIES = 60
BODY = 64
"""What is sealed is cut to so many bytes in the copies: no page looks at it."""

FACTS = {
    "organisation.roles": ["controller", "competent_authority"],
    "events.detected": "2026-11-20T10:00+00:00",
    "events.aware": "2026-11-20T10:00+00:00",
    "events.high_risk_determined": "2026-11-20T10:30+00:00",
    "data": ["name", "social_security_number"],
    "protection.encrypted": False,
    "people.GB": PEOPLE,
    "people.US-TX": 300,
    "people.US-CA": 600,
    "risk": "high",
    "story.what_happened": "A parcel with discs was lost on its way between two of our offices.",
    "story.occurred_on": "between 16 and 20 November 2026",
    "story.discovered_on": "20 November 2026",
    "story.data_in_words": ["your name", "your address"],
    "story.consequences": ["Someone who finds the discs could read them."],
    "story.measures": ["We searched both offices."],
    "story.advice": ["Ring us if anyone speaks to you about it."],
    "story.support": [{"name": "Example Support Line", "phone": "020 7946 0456", "offers": "Someone listens."}],
}
TABLES = (
    "incidents",
    "decisions",
    "approvals",
    "imports",
    "people",
    "waves",
    "notices",
    "obligations",
    "tasks",
    "reports",
    "facts",
    "hand_overs",
)
"""What an incident's pages look at, in the order in which it can be put in."""


@dataclass(frozen=True)
class Crowd:
    """How full the house is: incidents in all, and people in the one that is large."""

    incidents: int = 10_000
    large: int = 100_000


class Copier:
    """Copies rows by the database's own arithmetic; every id gets a copy's number in its first eight digits."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.sqlite = connection.dialect.name == "sqlite"
        if self.sqlite:
            connection.exec_driver_sql("PRAGMA cache_size = -1000000")
            connection.commit()

    def id(self, column: str) -> str:
        """The id in the copy."""
        if self.sqlite:
            return f"printf('%08x', copies.n) || substr({column}, 9)"
        return f"(lpad(to_hex(copies.n), 8, '0') || substr(CAST({column} AS text), 9))::uuid"

    def later(self, column: str) -> str:
        """A moment in the copy: up to four weeks later, in no order."""
        if self.sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%f000', {column}, '+' || (copies.n * 7919 % 40320) || ' minutes')"
        return f"{column} + (copies.n::bigint * 7919 % 40320) * interval '1 minute'"

    def text(self, number: str, width: int = 5) -> str:
        """A number as text of this width."""
        return f"printf('%0{width}d', {number})" if self.sqlite else f"lpad(CAST({number} AS text), {width}, '0')"

    def bytes(self, column: str) -> str:
        """The bytes of a column with the copy's number behind them."""
        if self.sqlite:
            return f"CAST(hex({column}) || copies.n AS BLOB)"
        return f"{column} || convert_to(CAST(copies.n AS text), 'UTF8')"

    def rows(
        self, table: str, numbers: tuple[int, int], where: str, fresh: Collection[str] | None, **changed: str
    ) -> None:
        """Copy the rows once for each number; ids named *fresh* (all, when None) become the copy's own."""
        columns = Table.metadata.tables[table].columns
        ids = {one.name for one in columns if isinstance(one.type, sa.Uuid)}
        own = {name: self.id(f"t.{name}") for name in (ids if fresh is None else fresh) if name in ids}
        names = [one.name for one in columns]
        values = [(own | changed).get(name, f"t.{name}") for name in names]
        first, last = numbers
        quoted = ", ".join(f'"{name}"' for name in names)
        values = [value if value != f"t.{name}" else f't."{name}"' for name, value in zip(names, values, strict=True)]
        insert = (
            f"WITH RECURSIVE copies (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM copies WHERE n < {last})"
            f" INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} FROM copies CROSS JOIN {table} t WHERE {where}"
        )
        self.connection.exec_driver_sql(insert if self.sqlite else insert.replace("%", "%%"))
        self.connection.commit()


def build(settings: Settings, crowd: Crowd, say: Callable[[str], None]) -> None:
    """Fill the database."""
    found(settings)
    with Desk(settings, MANAGER) as desk:
        add_account(desk, MANAGER, PASSWORD, ("responder", "auditor"), must_change_password=False)
        small = an_incident(desk, settings.home, "Discs lost between two offices")
        say("one incident made")
        large = an_incident(desk, settings.home, "One hundred thousand letters in a skip")
        with desk.database.engine.connect() as connection:
            copier = Copier(connection)
            enlarge(copier, large, crowd.large)
            say(f"{crowd.large} people in one incident")
            multiply(copier, small, crowd.incidents - 2)
            say(f"{crowd.incidents} incidents")
            chains(connection, small, crowd.incidents - 2)
        beat(desk)
        with desk.database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    say("counted by the planner")


def an_incident(desk: Desk, folder: Path, title: str) -> UUID:
    """An incident as the application makes it: assessed, with people, a launched wave, reports and tasks."""
    made = declare(desk, Declaration(title=title, facts={"events.aware": FACTS["events.aware"]}, owner=MANAGER))
    record_facts(desk, made.id, [Known(name, value, "bench") for name, value in FACTS.items()])
    path = folder / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("kind", "name", "email"))
        writer.writerows(("customer", f"Sam Sample {one}", f"customer{one}@example.org") for one in range(PEOPLE))
    import_people(desk, made.id, path)
    assess(desk, made.id)
    contain(desk, made.id)
    prepare_reports(desk, made.id)
    prepare_notices(desk, made.id)
    approve_wave(desk.acting_as("approver@example.org"), made.id, 1)
    launch(desk, made.id, 1, urgent="a measurement")
    return made.id


def enlarge(copier: Copier, incident: UUID, people: int) -> None:
    """Copy the people of one incident, with their notices, until there are so many; most were told, some not reached."""
    numbers, mine = (0x70000001, 0x70000000 + people // PEOPLE - 1), _is(copier, "incident_id", incident)
    place = f"t.number + {PEOPLE} * (copies.n - {0x70000000})"
    key = copier.bytes("t.row_key")
    copier.rows("people", numbers, mine, ("id",), number=place, row_key=key, details=_cut(copier, "details"))
    notices = {"state": _ended(copier), "content": _cut(copier, "content")}
    copier.rows("notices", numbers, mine, ("nid", "person_id"), **notices)


def multiply(copier: Copier, incident: UUID, copies: int) -> None:
    """Copy the whole incident, with as many duties as an incident of one country has."""
    special: dict[str, dict[str, str]] = {
        "incidents": {
            "reference": f"'FW-2026-' || {copier.text('copies.n')}",
            "title": f"t.title || ', case ' || {copier.text('copies.n * 7919 % 100000')}",
            "declared_at": copier.later("t.declared_at"),
            "owner": f"'owner' || (copies.n % {OWNERS}) || '@example.org'",
        },
        "people": {"details": _cut(copier, "details")},
        "notices": {"state": _ended(copier), "content": _cut(copier, "content")},
        "obligations": {"due_at": copier.later("t.due_at"), "target_at": copier.later("t.target_at")},
        "tasks": {
            "due_at": copier.later("t.due_at"),
            "assignee": f"CASE WHEN copies.n % {OWNERS} = 0 THEN '{MANAGER}' ELSE 'owner' || (copies.n % {OWNERS}) END",
        },
    }
    fewer = {"obligations": f" AND (t.answer <> 'does_not_apply' OR t.id IN {_some(copier, incident)})"}
    for table in TABLES:
        mine = _is(copier, "id" if table == "incidents" else "incident_id", incident) + fewer.get(table, "")
        copier.rows(table, (1, copies), mine, None, **special.get(table, {}))


def chains(connection: sa.Connection, incident: UUID, copies: int) -> None:
    """A chain for each copy: the first entries of the original, linked anew."""
    journal = Table.metadata.tables["journal"]
    query = sa.select(journal.c.body).where(journal.c.chain == str(incident)).order_by(journal.c.number).limit(ENTRIES)
    bodies = list(connection.scalars(query))
    for first in range(1, copies + 1, 500):
        rows = list(_linked(str(incident), bodies, range(first, min(first + 500, copies + 1))))
        connection.execute(sa.insert(journal), rows)
        heads = [
            {name: row[name] for name in ("chain", "number", "hash")} for row in rows[len(bodies) - 1 :: len(bodies)]
        ]
        connection.execute(sa.insert(Table.metadata.tables["journal_heads"]), heads)
        connection.commit()


def _linked(name: str, bodies: list[str], numbers: range) -> Iterator[dict[str, object]]:
    for number in numbers:
        chain, before = f"{number:08x}{name[8:]}", GENESIS
        for place, body in enumerate(bodies, 1):
            before = link(chain, place, before, body)
            yield {"chain": chain, "number": place, "body": body, "hash": before}


def _is(copier: Copier, column: str, incident: UUID) -> str:
    return f"t.{column} = '{incident.hex if copier.sqlite else incident}'"


def _some(copier: Copier, incident: UUID) -> str:
    mine = _is(copier, "incident_id", incident).replace("t.", "")
    return f"(SELECT id FROM obligations WHERE {mine} AND answer = 'does_not_apply' ORDER BY duty LIMIT {DUTIES})"


def _cut(copier: Copier, column: str) -> str:
    return f"substr(t.{column}, 1, {BODY})" if copier.sqlite else f"substring(t.{column} from 1 for {BODY})"


def _ended(copier: Copier) -> str:
    """Most were told, one in sixteen not reached, one in sixteen waits."""
    last = "substr(t.nid, -1)" if copier.sqlite else "right(CAST(t.nid AS text), 1)"
    return f"CASE {last} WHEN '0' THEN 'unreached' WHEN '1' THEN 'queued' ELSE 'accepted' END"


def beat(desk: Desk) -> None:
    """A sign of life, as the checks leave it."""
    with desk.writing() as session:
        session.add(Heartbeat(name="check_deadlines", beat_at=clock.now(), detail={}))
