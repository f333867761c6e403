"""The break-glass card: its passphrase opens it and nothing else does, and it says what one needs when everything is down."""

import contextlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from actions import card_keys, keep_card
from actions.assess import assess
from actions.card_keys import RING, read_ring, seal, set_passphrase
from actions.card_opener import CannotOpen, open_card
from actions.desk import Desk
from actions.errors import Conflict
from actions.keep_card import CARD, OLD_ONES, OPENER, folder_of
from actions.prepare_reports import prepare_reports
from db.models import Incident
from tests.builders import an_incident
from tests.conftest import Time

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
WORDS = "seven grey herons on the weir"
QUICK = card_keys.WORK | {"n": 2**4}


@pytest.fixture
def carded(desk: Desk, time: Time, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An assessed incident with drafts, and a passphrase that costs little to try."""
    monkeypatch.setattr(card_keys, "WORK", QUICK)
    incident = an_incident(desk)
    assess(desk, incident.id)
    prepare_reports(desk, incident.id)
    set_passphrase(folder_of(desk.settings), WORDS)
    return desk


@pytest.fixture
def ring(tmp_path: Path) -> dict[str, Any]:
    """A key ring whose passphrase costs little to try."""
    set_passphrase(tmp_path, WORDS, QUICK)
    made = read_ring(tmp_path)
    assert made is not None
    return made


def card_of(desk: Desk) -> Path:
    return folder_of(desk.settings) / CARD


def test_the_card_says_what_is_due_on_whose_clock_whom_to_ring_how_to_reach_them_and_what_to_file(carded: Desk) -> None:
    keep_card.keep_card(carded, "")
    says = open_card(card_of(carded).read_bytes(), WORDS)
    assert "Mon 23 Nov 2026 10:00 UTC" in says and "FW-2026-0001" in says
    assert "helpline 0303 123 1113" in says and "https://ico.org.uk" in says
    for person in ("manager@example.org", "deputy@example.org", "officer@example.org", "020 7946 0018"):
        assert person in says
    assert ("FW-2026-0001 report 1, draft" in says and "Not known yet" in says) or "1." in says


def test_the_zone_of_another_authority_stands_beside_utc(carded: Desk) -> None:
    with carded.writing() as session:
        session.execute(sa.text("UPDATE obligations SET time_zone = 'America/Chicago' WHERE duty = 'uk-p3-67-1'"))
    keep_card.keep_card(carded, "")
    assert "Mon 23 Nov 2026 11:00 UTC (05:00 America/Chicago" in open_card(card_of(carded).read_bytes(), WORDS)


def test_an_exercise_and_what_is_closed_are_not_on_it(carded: Desk) -> None:
    with carded.writing() as session:
        held = session.scalars(sa.select(Incident)).one()
        held.closed_at, held.closed_by = held.declared_at, "x"
    keep_card.keep_card(carded, "")
    assert "Nothing was known to be due." in open_card(card_of(carded).read_bytes(), WORDS)


def test_it_is_written_anew_when_something_changed_and_only_then_and_few_old_ones_stay(
    carded: Desk, time: Time
) -> None:
    mark = keep_card.keep_card(carded, "")
    first = card_of(carded).read_bytes()
    assert keep_card.keep_card(carded, mark) == mark and card_of(carded).read_bytes() == first
    for number in range(OLD_ONES + 3):
        time.move(minutes=1)
        with carded.writing() as session:
            session.scalars(sa.select(Incident)).one().title = f"Another {number}"
        mark, before = keep_card.keep_card(carded, mark), mark
        assert mark != before
    assert len(list(folder_of(carded.settings).glob("card-until-*.txt"))) == OLD_ONES
    assert {path.stat().st_mode & 0o077 for path in folder_of(carded.settings).iterdir()} == {0}


def test_without_a_passphrase_there_is_no_card(desk: Desk, time: Time) -> None:
    assert keep_card.keep_card(desk, "") == ""
    assert not card_of(desk).exists()


def test_a_disk_that_fills_up_leaves_the_old_card_whole(carded: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_card.keep_card(carded, "")
    old = card_of(carded).read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep_card.keep_card(carded, "")
    assert card_of(carded).read_bytes() == old
    assert not list(folder_of(carded.settings).glob(".*"))


def test_the_script_beside_it_opens_it_with_the_passphrase_alone(carded: Desk, tmp_path: Path) -> None:
    """In a folder of its own, in a Python that cannot see this program, with an empty environment."""
    keep_card.keep_card(carded, "")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in (CARD, OPENER):
        (elsewhere / name).write_bytes((folder_of(carded.settings) / name).read_bytes())
    ask = (
        "import sys, getpass, runpy; words = sys.argv.pop(); getpass.getpass = lambda _: words; "
        "runpy.run_path('card.py', run_name='__main__')"
    )
    command = [sys.executable, "-P", "-c", ask]
    opened = subprocess.run([*command, WORDS], cwd=elsewhere, env={}, capture_output=True, text=True)
    assert "NEXT DEADLINES" in opened.stdout, opened.stderr
    wrong = subprocess.run([*command, "not it"], cwd=elsewhere, env={}, capture_output=True, text=True)
    assert wrong.returncode == 2 and "does not open" in wrong.stderr and wrong.stdout == ""


def test_a_new_passphrase_opens_new_cards_and_old_cards_keep_theirs(carded: Desk) -> None:
    mark = keep_card.keep_card(carded, "")
    old = card_of(carded).read_bytes()
    set_passphrase(folder_of(carded.settings), "another one altogether")
    keep_card.keep_card(carded, mark)
    assert open_card(old, WORDS)
    assert open_card(card_of(carded).read_bytes(), "another one altogether")
    with pytest.raises(CannotOpen):
        open_card(card_of(carded).read_bytes(), WORDS)


def test_nothing_on_the_disk_but_the_passphrase_opens_it(carded: Desk) -> None:
    """The ring that the watchdog holds has the public key; the private one only under the passphrase."""
    ring = json.loads((folder_of(carded.settings) / RING).read_text())
    assert set(ring) == {"kdf", "n", "r", "p", "salt", "public", "wrapped"}
    assert WORDS not in (folder_of(carded.settings) / RING).read_text()
    keep_card.keep_card(carded, "")
    assert b"FW-2026" not in card_of(carded).read_bytes()


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="12 letters"):
        set_passphrase(tmp_path, "short")
    assert read_ring(tmp_path) is None


@how(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), at=st.integers(0, 10**6), mask=st.integers(1, 255))
def test_every_text_comes_back_and_a_card_changed_by_one_byte_does_not(
    ring: dict[str, Any], text: str, at: int, mask: int
) -> None:
    card = seal(ring, text, NOW)
    assert open_card(card, WORDS) == text
    spoilt = bytearray(card)
    spoilt[at % len(card)] ^= mask
    with contextlib.suppress(CannotOpen):
        assert open_card(bytes(spoilt), WORDS) == text, "a change that base64 does not see"


@pytest.mark.parametrize("more", [{"n": 2**30}, {"p": 4096}, {"n": -1}, {"salt": 7}, {"wrapped": "x"}])
def test_a_forged_card_cannot_exhaust_the_machine(ring: dict[str, Any], more: dict[str, Any]) -> None:
    with pytest.raises(CannotOpen):
        open_card(_with(seal(ring, "x", NOW), more), WORDS)


def _with(card: bytes, more: dict[str, Any]) -> bytes:
    first, second, body = card.split(b"\n", 2)
    return b"\n".join((first, json.dumps(json.loads(second) | more).encode(), body))
