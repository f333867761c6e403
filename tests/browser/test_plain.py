"""Without script, on paper, in the dark, and back in time: the same pages, the same acts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.house import House
from tests.browser.scenes import a_full_incident
from tests.browser.test_mouse import declare
from tests.builders import an_incident
from tests.conftest import MANAGER, OFFICER

pytestmark = pytest.mark.xdist_group("browser")


def test_the_path_works_without_script(comes: Comes, house: House) -> None:
    manager = comes(MANAGER, java_script_enabled=False).go()
    reference = declare(manager, "No script at all")
    house.tell(reference)
    manager.do("Decide the risk", "#duties", risk="high", reasons="Addresses of people in hiding.")
    manager.do("Draw up what is owed")
    manager.sees("Waves: 0", "Notices: 0")
    officer = comes(OFFICER, java_script_enabled=False).go(f"/incidents/{reference}")
    officer.press("Read and approve", "#reports")
    officer.press("Approve exactly this text")
    officer.sees("is approved, exactly as it reads now")
    manager.go(f"/incidents/{reference}").do("Close the incident", "#record", reasons="Done.")
    expect(manager.page.locator(".refusal")).to_contain_text("cannot close yet")
    manager.go(f"/incidents/{reference}/facts")
    manager.page.locator("[name=hour]").fill("1")
    manager.press("Show")
    manager.sees("hour 1 after the declaration.")
    manager.page.get_by_role("button", name="Français").click()
    expect(manager.page.locator("html")).to_have_attribute("lang", "fr")


def test_the_slider_shows_what_was_known_at_an_hour(comes: Comes, house: House) -> None:
    incident = an_incident(house.desk, "What did we know")
    house.tell(incident.reference)
    auditor = comes("auditor@example.org").go(f"/incidents/{incident.reference}/facts")
    auditor.sees("story.what_happened")
    auditor.page.get_by_role("slider").focus()
    auditor.page.keyboard.press("Home")
    auditor.sees("hour 0 after the declaration.")
    table = auditor.page.get_by_role("region", name="Facts").or_(auditor.page.locator("table")).first
    expect(table).to_contain_text("events.aware")
    expect(table).not_to_contain_text("story.what_happened")


def test_an_incident_is_printed_without_what_only_a_screen_needs(comes: Comes, house: House) -> None:
    reference = a_full_incident(house, "On paper")
    auditor = comes("auditor@example.org").go(f"/incidents/{reference}")
    auditor.page.emulate_media(media="print", color_scheme="dark")
    for gone in ("header", "footer form", ".onpage", "[data-print]"):
        expect(auditor.page.locator(gone).first).to_be_hidden()
    expect(auditor.page.get_by_text("stand before closure")).to_be_visible()
    assert auditor.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert len(auditor.page.pdf()) > 10_000


def test_the_dark_scheme_is_dark(comes: Comes) -> None:
    auditor = comes("auditor@example.org", color_scheme="dark").go()
    colour = auditor.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert max(map(int, re.findall(r"\d+", colour))) < 64
