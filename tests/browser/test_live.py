"""Pages that live: clocks tick and turn late, what others do appears by itself, and the brake works while notices leave."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from actions.assess import assess
from db.models import Heartbeat
from tests.browser.conftest import Comes
from tests.browser.house import House
from tests.browser.scenes import MANY, a_wave_ready
from tests.builders import an_incident
from tests.conftest import MANAGER

HOUR = 3_600_000
pytestmark = pytest.mark.xdist_group("browser")


def test_a_countdown_ticks_and_turns_late_on_an_open_page(comes: Comes, house: House) -> None:
    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    incident = an_incident(house.desk, "The clock ticks", events__detected=since, events__aware=since)
    assess(house.desk, incident.id)
    manager = comes(MANAGER)
    manager.page.clock.install()
    manager.go(f"/incidents/{incident.reference}")
    clock = manager.part("duties").locator(".clock").first
    before = clock.inner_text()
    manager.page.clock.fast_forward(49 * HOUR)
    expect(clock).not_to_have_text(before)
    expect(clock).not_to_have_class(re.compile("late"))
    manager.page.clock.fast_forward(80 * HOUR)
    expect(clock).to_contain_text("late by")
    expect(clock).to_have_class(re.compile("late"))


def test_an_open_page_finds_out_that_nobody_watches_the_clocks(comes: Comes, house: House) -> None:
    with house.desk.writing() as session:
        session.merge(Heartbeat(name="check_deadlines", beat_at=datetime.now(UTC), detail={}))
    manager = comes(MANAGER)
    manager.page.clock.install()
    manager.go("/")
    alarm = manager.page.get_by_text("THE CLOCKS ARE NOT WATCHED ANY MORE")
    expect(manager.page.get_by_text("Clocks last checked")).to_be_visible()
    expect(alarm).to_be_hidden()
    manager.page.clock.fast_forward(HOUR)
    expect(alarm).to_be_visible()
    expect(manager.page.get_by_text("Clocks last checked")).to_be_hidden()


def test_what_one_does_appears_to_another_who_loses_nothing(comes: Comes, house: House) -> None:
    incident = an_incident(house.desk, "Seen by two")
    reader = comes("auditor@example.org").go(f"/incidents/{incident.reference}")
    reader.page.get_by_text(re.compile("things? stands? before closure")).click()
    opened = reader.part("record").locator("details[open]")
    expect(opened).to_have_count(1)
    reader.page.get_by_role("link", name="The journal").focus()
    writer = comes("writer@example.org").go(f"/incidents/{incident.reference}")
    manager = comes(MANAGER).go(f"/incidents/{incident.reference}")
    manager.do("Record another decision", kind="exemption", choice="public_interest", reasons="Until it is mended.")
    for one in (reader, writer):
        expect(one.part("decisions")).to_contain_text("Until it is mended.")
    expect(opened).to_have_count(1)
    expect(reader.page.get_by_role("link", name="The journal")).to_be_focused()


def test_a_wave_is_paused_and_stopped_while_it_leaves(comes: Comes, house: House) -> None:
    reference = a_wave_ready(house, "Braked")
    manager = comes(MANAGER).go(f"/incidents/{reference}")
    manager.do("Launch", "#waves", urgent="The thief rings people already.")
    manager.sees("is launched")
    before, sender = house.sent(), house.send(reference, 1)
    waves = manager.part("waves")
    expect(waves).to_contain_text(re.compile(r"\d+ accepted"))
    manager.do("Pause", "#waves", reasons="The telephone number in it is wrong.")
    manager.sees("is paused")
    sender.join()
    sent = house.sent() - before
    assert 0 < sent < MANY
    expect(waves).to_contain_text(re.compile(rf"\b{sent} accepted"))
    manager.do("Stop for good", "#waves", reasons="The telephone number in it is wrong.")
    manager.sees("is stopped; what had not left is cancelled.")
    expect(waves).to_contain_text(f"{MANY - sent} cancelled")
    house.send(reference, 1).join()
    assert house.sent() - before == sent
