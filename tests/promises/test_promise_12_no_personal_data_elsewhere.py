"""Promise 12: nothing of an affected person can be read in the database file, the journal, logs, answers of lists, or a pack."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.approve_wave import approve_wave
from actions.bad_people import BadPeople
from actions.contact import Spoken, contact
from actions.desk import Desk
from actions.import_people import import_people
from actions.launch import launch
from actions.pack import pack
from db.models import Task
from db.session import Database
from db.types import Table
from tests.ledger import APPROVER, a_list, an_incident_with, drafted

REF = "FW-2026-0001"
MARK = "Zyxwvut"
PERSON = {
    "reference": "R1",
    "kind": "victim",
    "name": f"{MARK} Sample",
    "email": f"{MARK.lower()}@example.org",
    "phone": "020 7946 0987",
    "address": f"1 {MARK} Street; Exampletown",
    "postcode": "EX1 1AA",
    "birth_date": "1999-12-31",
}
MARKS = (MARK, MARK.lower(), MARK.encode().hex(), "7946 0987", "79460987", "1999-12-31")


@pytest.fixture
def told(desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Desk:
    """A person who goes through everything: entered, drafted, approved, launched, spoken to."""
    caplog.set_level(0)
    incident = an_incident_with(desk, tmp_path, [PERSON])
    for wave in drafted(desk, incident):
        approve_wave(desk.acting_as(APPROVER), incident.id, wave.number)
        launch(desk, incident.id, wave.number)
    with desk.reading() as session:
        number = session.scalars(sa.select(Task.number).where(Task.kind == "contact")).one()
    contact(
        desk,
        incident.id,
        number,
        Spoken("told", note=f"{MARK} wept.", by="worker@example.org", witness="w", code_word=True, asked_first=True),
    )
    return desk


def everything(database: Database) -> Iterator[tuple[str, str]]:
    """Each cell of each table, as text and as hexadecimal digits."""
    with database.engine.connect() as connection:
        for table in Table.metadata.tables.values():
            for row in connection.execute(sa.select(table)):
                for name, value in row._mapping.items():
                    yield f"{table.name}.{name}", value.hex() if isinstance(value, bytes) else str(value)


def test_the_database_can_be_read_by_anyone_and_names_nobody(told: Desk) -> None:
    found = [place for place, text in everything(told.database) if any(mark in text for mark in MARKS)]
    assert found == []


def test_not_even_the_bytes_of_the_file_and_its_log_name_anyone(told: Desk) -> None:
    if not told.database.is_sqlite:
        pytest.skip("PostgreSQL keeps no file of ours")
    path = Path(str(told.database.url.database))
    held = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    assert [mark for mark in MARKS if mark.encode() in held] == []


def test_nothing_was_logged(told: Desk, caplog: pytest.LogCaptureFixture) -> None:
    assert [record for record in caplog.records if any(mark in record.getMessage() for mark in MARKS)] == []


def test_an_exported_pack_names_nobody(told: Desk, tmp_path: Path) -> None:
    folder = pack(told, REF, tmp_path / "evidence").folder
    found = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert [name for name, data in found.items() if any(mark.encode() in data for mark in MARKS)] == []


def test_a_refused_list_says_where_and_never_what(desk: Desk, tmp_path: Path) -> None:
    an_incident_with(desk, tmp_path, [PERSON])
    wrong = {"name": MARK, "kind": MARK, "email": f"{MARK}@@", "phone": f"{MARK}7946", "birth_date": MARK}
    with pytest.raises(BadPeople) as refused:
        import_people(desk, REF, a_list(tmp_path, [wrong], "wrong.csv"))
    assert refused.value.problems
    assert MARK.lower() not in f"{refused.value} {refused.value.problems!r} {refused.value.args!r}".lower()
