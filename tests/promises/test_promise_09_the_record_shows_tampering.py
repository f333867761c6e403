"""Promise 9: nothing of the record is changed or deleted, and verifying shows whatever was tampered with, in an exported pack too."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from actions.append_facts import Known
from actions.desk import Desk
from actions.pack import pack
from actions.pack_verifier import check
from actions.record_facts import record_facts
from db.models import JournalEntry, JournalHead
from db.queries.journal import verify_all
from tests.builders import an_incident

REF = "FW-2026-0001"


@pytest.fixture
def recorded(desk: Desk) -> Desk:
    """Two incidents, one of them with a history."""
    an_incident(desk)
    an_incident(desk, "Another")
    record_facts(desk, REF, [Known("people.GB", 16, "archive")])
    return desk


def sound(desk: Desk) -> bool:
    with desk.reading() as session:
        return all(verdict.sound for verdict in verify_all(session))


@pytest.mark.parametrize("act", [sa.update(JournalEntry).values(body="{}"), sa.delete(JournalEntry)])
def test_the_journal_can_neither_be_changed_nor_deleted(recorded: Desk, act: sa.Executable) -> None:
    with pytest.raises(DBAPIError, match="is a record"), recorded.writing() as session:
        session.execute(act)
    assert sound(recorded)


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE journal SET body = replace(body, '16', '61') WHERE chain <> 'house'",
        "DELETE FROM journal WHERE number = 2 AND chain <> 'house'",
        "DELETE FROM journal WHERE number = (SELECT max(number) FROM journal AS j WHERE j.chain = journal.chain)",
        "DELETE FROM journal WHERE chain <> 'house'",
        "UPDATE journal_heads SET number = number - 1",
    ],
)
def test_whoever_takes_the_triggers_away_first_is_found_out(recorded: Desk, tamper: str) -> None:
    assert sound(recorded)
    with recorded.writing() as session:
        for what in ("update", "delete"):
            on = "" if recorded.database.is_sqlite else " ON journal"
            session.execute(sa.text(f"DROP TRIGGER journal_no_{what}{on}"))
        session.execute(sa.text(tamper))
    assert not sound(recorded)


def test_an_incident_that_vanishes_whole_is_missed(recorded: Desk) -> None:
    with recorded.writing() as session:
        on = "" if recorded.database.is_sqlite else " ON journal"
        session.execute(sa.text(f"DROP TRIGGER journal_no_delete{on}"))
        chain = session.scalars(sa.select(JournalHead.chain).where(JournalHead.chain != "house")).first()
        session.execute(sa.delete(JournalEntry).where(JournalEntry.chain == chain))
        session.execute(sa.delete(JournalHead).where(JournalHead.chain == chain))
    assert not sound(recorded)


@pytest.fixture
def exported(recorded: Desk, tmp_path: Path) -> Path:
    return pack(recorded, REF, tmp_path / "evidence").folder


def test_a_pack_verifies_itself_with_nothing_but_python(exported: Path) -> None:
    alone = [sys.executable, "-I", "-S", str(exported / "verify.py")]
    done = subprocess.run(alone, capture_output=True, text=True, check=False, cwd=exported)
    assert (done.returncode, done.stdout) == (0, "The pack is whole.\n")


def test_a_pack_shows_every_file_that_was_changed_removed_or_added(exported: Path, tmp_path: Path) -> None:
    assert check(exported) == []
    names = [path.relative_to(exported) for path in exported.rglob("*") if path.is_file()]
    for name in names:
        for place, harm in enumerate((_change, Path.unlink)):
            copy = tmp_path / f"copy-{place}-{name.name}"
            shutil.copytree(exported, copy)
            harm(copy / name)
            assert check(copy), f"{name} was harmed unseen"
    (exported / "added.txt").write_text("x")
    assert check(exported) == ["added.txt is not in the manifest"]


def test_a_pack_shows_a_journal_line_that_was_forged_together_with_its_manifest(exported: Path) -> None:
    lines = (exported / "journal.jsonl").read_text("utf-8").splitlines()
    forged = json.loads(lines[1])
    forged["body"] = forged["body"].replace("manager", "nobody")
    lines[1] = json.dumps(forged)
    (exported / "journal.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert "journal.jsonl was changed" in check(exported)
    assert any("does not follow" in fault for fault in check(exported))


def _change(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
