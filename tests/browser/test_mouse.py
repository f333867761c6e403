"""Declare to close by mouse: a manager and an approver, each in their own browser, with the refusals on the way."""

import re

import pytest

from tests.browser.conftest import Comes
from tests.browser.house import House
from tests.browser.seat import Seat
from tests.conftest import MANAGER, OFFICER
from tests.ledger import a_list, customers

pytestmark = pytest.mark.xdist_group("browser")


def declare(one: Seat, title: str) -> str:
    """Declare an incident of two customers; its reference."""
    one.press("Declare", "header")
    one.type(title=title, people="GB=2", encrypted="false")
    for group, word in (("Whose data", "customer"), ("Which data", "postal address")):
        one.page.get_by_text(group, exact=True).first.click()
        one.page.get_by_role("group", name=group).get_by_label(word).check()
    one.send()
    one.sees("is declared; its clocks run")
    return one.path.rsplit("/", 1)[-1]


def test_an_incident_is_declared_followed_and_closed_by_two(comes: Comes, house: House) -> None:
    manager, officer = comes(MANAGER).go(), comes(OFFICER).go()
    reference = declare(manager, "Customer list lost")
    too_early(manager)
    officer.go(f"/incidents/{reference}").do("Acknowledge", "#hands")
    officer.sees("You have it")
    manager.do("Decide the risk", "#duties", risk="high", reasons="Addresses of people in hiding.")
    manager.sees("risk, stands.")
    words_and_people(manager, house, reference)
    the_report(manager, officer, house)
    the_wave(manager, officer, house, reference)
    the_rest(manager, officer)


def too_early(manager: Seat) -> None:
    """Closing is refused with what stands before it, and what was typed is still there."""
    manager.do("Close the incident", "#record", reasons="Nothing is left.")
    manager.is_refused("cannot close yet", "has not acknowledged")
    assert manager.page.locator("[name=reasons]").input_value() == "Nothing is left."
    manager.press("Leave it")


def words_and_people(manager: Seat, house: House, reference: str) -> None:
    """The story comes from someone else; the list is taken in, after one that has a fault."""
    house.tell(reference)
    manager.press("Take in a list", "#people")
    manager.choose_file("list", a_list(house.folder, [{"email": "nobody"}], "wrong.csv"))
    manager.send()
    manager.sees("Nothing was imported", "row 2, email")
    manager.choose_file("list", a_list(house.folder, customers(2)))
    manager.send()
    manager.sees("People entered: 2")
    manager.do("Draw up what is owed")
    manager.sees("Drafted.")


def the_report(manager: Seat, officer: Seat, house: House) -> None:
    """Approved by the second person alone, filed with proof alone."""
    manager.press("1.", "#reports")
    manager.sees("An approver who wrote none of its words must approve it")
    officer.go(manager.path)
    officer.press("Approve exactly this text")
    officer.sees("is approved, exactly as it reads now")
    officer.press("1.", "#reports")
    manager.page.go_back()
    manager.press("Record the filing", "#reports")
    manager.type(channel="portal", authority_reference="IC-1")
    manager.page.locator("main form").evaluate("one => one.noValidate = true")
    manager.send()
    manager.is_refused("Filed needs proof")
    proof = house.folder / "acknowledgement.txt"
    proof.write_text("received", encoding="utf-8")
    manager.choose_file("proof", proof)
    manager.send()
    manager.sees("Report 1 is filed, in time.")


def the_wave(manager: Seat, officer: Seat, house: House, reference: str) -> None:
    """Read in every shape, approved by the second person, launched, sent; each gone once."""
    officer.go(f"/incidents/{reference}").press("Read and approve", "#waves")
    officer.sees("Exactly as it leaves", "E-mail as text", "A parcel with discs was lost")
    inside = officer.page.frame_locator("iframe")
    inside.get_by_text("A parcel with discs was lost").first.wait_for()
    officer.press("Approve exactly this text")
    officer.sees("Wave 1 is approved")
    manager.go(f"/incidents/{reference}").do("Launch", "#waves")
    manager.sees("is launched")
    before = house.sent()
    house.send(reference, 1).join()
    assert house.sent() == before + 2
    manager.part("waves").get_by_text("2 accepted").wait_for()


def the_rest(manager: Seat, officer: Seat) -> None:
    """Every task, a duty that two let go, and the end."""
    tasks = manager.part("tasks")
    while (button := tasks.get_by_role("link", name=re.compile("^(Done|Verify)$"))).count():
        button.first.click()
        manager.page.locator("main textarea").first.fill("Done, and looked at.")
        manager.send()
        manager.page.locator("#tasks").wait_for()
    manager.sees("uk-gdpr-33-4@uk/ico is owed and neither met nor waived")
    manager.do(
        "Not required?", "#duties", duty="uk-gdpr-33-4@uk/ico", reasons="Nothing is known beyond the first report."
    )
    manager.sees("someone else must confirm it")
    officer.go(manager.path).do("Give your word", "#decisions", answer="agree")
    officer.sees("stands.")
    manager.go(manager.path).sees("Nothing and nobody.")
    manager.do("Close the incident", "#record", reasons="Everyone was told, and the cause is mended.")
    manager.sees("is closed; its record stays.", "holds")
    assert manager.page.get_by_role("link", name="Record a fact").count() == 0
