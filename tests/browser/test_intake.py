"""An employee says on a phone, without an account, that something happened; a manager makes an incident of it; the employee sees that."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.house import KEY
from tests.browser.seat import Seat
from tests.conftest import MANAGER

pytestmark = pytest.mark.xdist_group("browser")
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def test_what_an_employee_says_by_the_link_becomes_an_incident(comes: Comes) -> None:
    employee = comes(**PHONE).go(f"/tell/{KEY}")
    employee.press("Send it")
    expect(employee.page.locator("[name=what]")).to_be_focused()  # the browser holds back what says nothing
    employee.type(what="A bag with the recordings of interviews was left on the night bus.")
    employee.press("Send it")
    reference = re.search(r"IN-\d{4}-\d{4}", employee.words())
    assert reference
    wide, window = employee.widths()
    assert wide <= window

    code = employee.page.locator("code.big").last.inner_text()
    promoted(comes(MANAGER), reference[0])
    employee.press("See what became of it")
    for typed in ("not-the-code", code):
        employee.type(code=typed)
        employee.press("Show it")
        if typed != code:
            employee.is_refused("do not belong together")
    employee.sees("It was taken up, and is dealt with as an incident.")


def promoted(manager: Seat, reference: str) -> None:
    """The manager reads it and makes an incident of it."""
    manager.go("/intakes").press(reference)
    manager.sees("A bag with the recordings")
    manager.press("Promote it to an incident")
    manager.type(title="Bag with recordings left on a bus")
    manager.press("Declare it, start the clocks")
    manager.sees("FW-2026-")
    expect(manager.part("hands")).to_contain_text(reference)
