"""Bad rows: written out as they are, mended, handed in again; the good ones may go first, and nobody is left out quietly."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.bad_people import BadPeople
from actions.bad_rows import harmless, write_bad_rows
from actions.declare import Declared
from actions.desk import Desk
from actions.errors import Conflict
from actions.import_people import Imported, import_people
from actions.people_file import RawRow, list_at, rows
from actions.preview_people import mask, preview_people
from db.models import Incident, LeftOut, Person, Task
from db.queries.blockers import blockers
from tests.builders import an_incident
from tests.ledger import a_list, customers

BAD = [
    {"reference": "B1", "email": "nowhere"},
    {"reference": "B2", "phone": "+44 20 7946 0018", "birth_date": "31/05/2004"},
    {"reference": "B3", "name": "=1+1", "email": "-x"},
]


@pytest.fixture
def incident(desk: Desk) -> Declared:
    return an_incident(desk)


def written(desk: Desk, incident: Declared, path: Path, bad: Path, **how: bool) -> Imported | None:
    """What came of it; nothing where it was refused."""
    try:
        return import_people(desk, incident.id, path, bad=write_bad_rows(bad), **how)
    except BadPeople:
        return None


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def mended(path: Path, bad: Path, changes: Sequence[Mapping[str, str]]) -> Path:
    found = read(bad)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(row | dict(change) for row, change in zip(found, changes, strict=True))
    return path


def tasks(desk: Desk) -> list[str]:
    with desk.reading() as session:
        return list(session.scalars(sa.select(Task.state).where(Task.key.like("left_out:%")).order_by(Task.number)))


def waiting(desk: Desk) -> int:
    with desk.reading() as session:
        return session.scalar(sa.select(sa.func.count()).where(LeftOut.mended_by.is_(None))) or 0


def test_bad_rows_are_written_whole_for_their_owner_alone_and_nothing_is_entered(
    desk: Desk, incident: Declared, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.csv"
    assert written(desk, incident, a_list(tmp_path, [*customers(2), *BAD]), bad) is None
    assert bad.stat().st_mode & 0o777 == 0o600
    first, second, third = read(bad)
    assert (first["row"], first["reference"], first["email"], first["wrong"]) == (
        "4", "B1", "nowhere", "email is not an e-mail address",
    )  # fmt: skip
    assert second["phone"] == "'+44 20 7946 0018", "no spreadsheet runs it"
    assert (third["name"], third["email"]) == ("'=1+1", "'-x")
    with desk.reading() as session:
        assert session.scalar(sa.select(Person.id)) is None
    with pytest.raises(Conflict, match="name a new file"):
        written(desk, incident, tmp_path / "people.csv", bad)


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@x", "\t=", "'=1", "''+1", "O'Neill", "'", "", "plain", "Zoë"])
def test_a_cell_made_harmless_is_read_as_it_was(tmp_path: Path, cell: str) -> None:
    assert not harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    path = tmp_path / "bad.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("list", "row", "kind", "name", "wrong", "do"), ("x", "2", "customer", harmless(cell), "", "")]
        )
    [row] = rows(list_at(path))
    assert isinstance(row, RawRow)
    assert row.cells["name"] == cell


def test_good_rows_go_first_and_the_others_wait_until_they_are_mended(
    desk: Desk, incident: Declared, tmp_path: Path
) -> None:
    path, bad = a_list(tmp_path, [*customers(2), *BAD]), tmp_path / "bad.csv"
    done = written(desk, incident, path, bad, good_rows=True)
    assert done == Imported(rows=5, added=2, already=0, flagged=0, left_out=3)
    assert (tasks(desk), waiting(desk)) == (["open"], 3)
    with desk.reading() as session:
        found = session.get_one(Incident, incident.id)
        assert any("Mend the rows that were left out" in one for one in blockers(session, found))
    assert import_people(desk, incident.id, path).left_out == 3, "the same list again changes nothing"
    one = mended(tmp_path / "one.csv", bad, [{"email": "b1@example.org"}, {}, {}])
    again = tmp_path / "bad2.csv"
    second = written(desk, incident, one, again, good_rows=True)
    assert second is not None
    assert (second.added, second.left_out) == (1, 2)
    assert (tasks(desk), waiting(desk)) == (["done", "open"], 2), "they wait under the list that they are on now"
    two = mended(tmp_path / "two.csv", again, [{"birth_date": "2004-05-31"}, {"email": ""}])
    last = import_people(desk, incident.id, two)
    assert (last.added, tasks(desk), waiting(desk)) == (2, ["done", "done"], 0)


def test_the_whole_list_mended_closes_the_task_by_who_is_on_it(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    import_people(desk, incident.id, a_list(tmp_path, [*customers(2), BAD[0]]), good_rows=True)
    import_people(
        desk, incident.id, a_list(tmp_path, [*customers(2), BAD[0] | {"email": "b@example.org"}], "whole.csv")
    )
    assert (tasks(desk), waiting(desk)) == (["done"], 0)


def test_a_reference_that_stands_for_someone_else_never_counts_as_mended(
    desk: Desk, incident: Declared, tmp_path: Path
) -> None:
    list_ = [*customers(2), {"reference": "C0", "name": "Someone Else"}, {"reference": "C1", "email": "nowhere"}]
    import_people(desk, incident.id, a_list(tmp_path, list_), good_rows=True)
    import_people(desk, incident.id, a_list(tmp_path, customers(3), "more.csv"))
    assert (tasks(desk), waiting(desk)) == (["open"], 2)


def test_whoever_names_a_guardian_whose_row_is_wrong_waits_with_them(
    desk: Desk, incident: Declared, tmp_path: Path
) -> None:
    family = [
        {"reference": "K1", "guardian_reference": "G1"},
        {"reference": "G1", "guardian_reference": "G2"},
        {"reference": "G2", "kind": "guardian", "phone": "1"},
    ]
    done = import_people(desk, incident.id, a_list(tmp_path, [*customers(1), *family]), good_rows=True)
    assert (done.added, done.left_out) == (1, 3)


def test_a_list_without_a_good_row_is_refused_in_any_case(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    with pytest.raises(BadPeople):
        import_people(desk, incident.id, a_list(tmp_path, BAD), good_rows=True)
    assert tasks(desk) == []


def test_one_person_under_two_references_is_a_hint_and_no_merger(
    desk: Desk, incident: Declared, tmp_path: Path
) -> None:
    sam = {"name": "Sam Sample", "birth_date": "1980-01-01"}
    list_ = [
        sam | {"reference": "A"},
        {"reference": "B", "name": "SAM  sample", "birth_date": "1980-01-01", "email": "s@example.org"},
        {"reference": "C", "name": "Sam Sample", "email": "S@example.org"},
        {"reference": "D", "name": "Sam Sample", "birth_date": "1990-01-01"},
    ]
    done = import_people(desk, incident.id, a_list(tmp_path, list_))
    assert (done.added, done.alike, done.alikes) == (4, ((2, 3), (3, 4)), 2)


def test_columns_are_mapped_by_their_own_headings_and_nothing_is_left_out_unsaid(
    desk: Desk, incident: Declared, tmp_path: Path
) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text("Art,Full Name,E-Mail,Shoe size\ncustomer,Sam Sample,sam@example.org,42\n", "utf-8")
    with pytest.raises(BadPeople, match="is not a column that is asked for"):
        import_people(desk, incident.id, path)
    mapped = {"art": "kind", "Full name": "name", "Shoe size": ""}
    seen = preview_people(desk, incident.id, path, mapped)
    assert [(one.heading, one.column) for one in seen.columns] == [
        ("Art", "kind"), ("Full Name", "name"), ("E-Mail", "email"), ("Shoe size", ""),
    ]  # fmt: skip
    assert (seen.rows, seen.problems) == (1, ())
    assert "Sample" not in repr(seen)
    with pytest.raises(BadPeople, match="names a heading that the list has not"):
        import_people(desk, incident.id, path, mapped=mapped | {"Shoe sise": ""})
    with pytest.raises(BadPeople, match="name stands twice"):
        import_people(desk, incident.id, path, mapped=mapped | {"Shoe size": "name"})
    assert import_people(desk, incident.id, path, mapped=mapped).added == 1


def test_a_mask_shows_how_a_cell_looks_and_not_what_it_says() -> None:
    assert mask("sam.sample@example.org") == "s••.••••••@•••••••.•••"
    assert mask("07700 900123") == "0•••• ••••••"


def test_the_accused_never_stand_in_a_file_of_bad_rows_with_victims(
    desk: Desk, incident: Declared, tmp_path: Path
) -> None:
    kinds = ["victim", "Accused", "third party", "", "witness"]
    sorts = [{"reference": f"R{place}", "kind": kind, "email": "nowhere"} for place, kind in enumerate(kinds)]
    assert written(desk, incident, a_list(tmp_path, [*customers(1), *sorts]), tmp_path / "bad.csv") is None
    files = {path.name: [row["reference"] for row in read(path)] for path in sorted(tmp_path.glob("bad*.csv"))}
    assert files == {
        "bad.csv": ["R0", "R4"],
        "bad-accused.csv": ["R1"],
        "bad-third-parties.csv": ["R2"],
        "bad-unknown-kind.csv": ["R3"],
    }
