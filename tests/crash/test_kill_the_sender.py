"""Kills senders again and again, under a provider that loses requests and answers: nobody is told twice, nobody is left out."""

import random
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.declare import Declared
from actions.desk import Desk
from db.models import Attempt, Notice, Wave
from db.queries.balance import balance
from db.queries.journal import verify_all
from db.queries.notices import progress
from settings.model import Settings
from tests.crash.fire import OPTIONS, naively, nursery, ready, settled, shoot
from tests.fakes import sendgrid
from tests.fakes.ledger import Ledger
from tests.ledger import an_incident_with, customers

PEOPLE = 2000
KILLS = 10


@pytest.mark.slow
def test_senders_killed_ten_times_tell_everyone_once(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(PEOPLE))
    wave = ready(desk, incident)
    ledger = Ledger(tmp_path / "sendgrid")
    with (
        sendgrid.spawned(ledger.path.parent, "--latency", "0.005", "--seed", "7", *OPTIONS) as url,
        nursery(settings, url, wave) as forked,
    ):
        hit = shoot(desk, forked, ledger, KILLS, PEOPLE, random.Random(7))
        unknown = settled(desk, settings, url, forked, wave)
    assert hit >= KILLS // 2 and unknown >= hit, "no kill hit anything in flight: this test proves nothing"
    assert_everyone_was_told_once(desk, ledger, wave)
    assert_the_record_says_so(desk, incident, wave)


def test_whoever_tries_again_on_every_error_tells_some_twice(tmp_path: Path) -> None:
    """The same faults, and a sender such as most are: so the test above could see a second copy."""
    ledger = Ledger(tmp_path / "sendgrid")
    with sendgrid.spawned(ledger.path.parent, "--seed", "7", *OPTIONS) as url:
        naively(url, 600)
    assert len(ledger.copies()) == 600
    assert ledger.duplicates()


def assert_everyone_was_told_once(desk: Desk, ledger: Ledger, wave: Wave) -> None:
    """By what the provider took, not by what we believe."""
    copies = ledger.copies()
    with desk.reading() as session:
        planned = {str(nid) for nid in session.scalars(sa.select(Notice.nid).where(Notice.wave_id == wave.id))}
    assert planned - set(copies) == set(), "someone was left out"
    assert ledger.duplicates() == {}, "someone was told twice"
    assert len(copies) == PEOPLE


def assert_the_record_says_so(desk: Desk, incident: Declared, wave: Wave) -> None:
    with desk.reading() as session:
        assert progress(session, wave.id) == {"accepted": PEOPLE}
        attempts = Counter(session.scalars(sa.select(Attempt.state)))
        assert attempts["accepted"] == PEOPLE and not attempts["sending"] and not attempts["rejected"]
        told = balance(session, incident.id)
        assert (len(told.told), len(told.pending)) == (PEOPLE, 0)
        assert all(verdict.sound for verdict in verify_all(session))
