"""Who comes in: a new colleague's first day, an incident that others must not know of, a session that ends in the middle."""

import re

import pyotp
import pytest

from actions.sign_in import revoke_sessions
from tests.accounts import PASSWORD
from tests.browser.conftest import Comes
from tests.browser.house import House
from tests.builders import an_incident
from tests.conftest import MANAGER

pytestmark = pytest.mark.xdist_group("browser")


def test_a_new_colleague_gets_in_by_a_password_of_their_own_and_a_phone(comes: Comes) -> None:
    administrator = comes("administrator@example.org").go("/accounts")
    administrator.type(name="new@example.org", display_name="New Colleague")
    administrator.page.get_by_role("checkbox", name=re.compile("^approver:")).check()
    administrator.press("Add it")
    given = administrator.page.locator("code.big").inner_text()
    new = comes().go("/?state=all")
    new.type(name="new@example.org", password="a wrong guess at it")
    new.press("Sign in")
    new.is_refused("do not belong together")
    new.type(password=given)
    new.press("Sign in")
    new.type(old=given, password=PASSWORD, password_again=PASSWORD)
    new.press("Change it")
    new.type(code=pyotp.TOTP(new.page.locator("code").inner_text()).now())
    new.press("Go on")
    new.sees("War room", "New Colleague")
    new.press("Sign out", "header")
    assert new.path == "/sign-in"


def test_a_restricted_incident_is_nowhere_for_another(comes: Comes) -> None:
    manager = comes(MANAGER).go("/declare")
    manager.type(title="Quiet matter")
    manager.page.get_by_label("Restricted").check()
    manager.send()
    manager.sees("restricted")
    hidden = manager.path
    other = comes("auditor@example.org").go("/?q=Quiet+matter&state=all")
    other.sees("Nothing matches.", "Incidents 0")
    other.page.goto(other.house.url + hidden)
    other.sees("that is open to you")
    manager.do("Add a member", "#hands", member="auditor@example.org", reasons="They check the record.")
    other.go(hidden).sees("Quiet matter")


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(comes: Comes, house: House) -> None:
    name = "writer@example.org"
    incident = an_incident(house.desk, "Interrupted")
    writer = comes(token=house.token(name)).go(f"/incidents/{incident.reference}/do/record-fact")
    writer.type(other="story.what_happened", value="A bag with “papers” was lost.\n<b>Two</b> lines.")
    revoke_sessions(house.desk, name)
    writer.send()
    writer.sees("Nothing is lost")
    writer.type(name=name, password=PASSWORD)
    writer.press("Sign in")
    writer.sees("What you had typed", "A bag with “papers” was lost.")
    writer.press("Send it")
    writer.sees("Recorded: story.what_happened.")
    writer.go(f"/incidents/{incident.reference}/facts").sees("<b>Two</b> lines.")
    house.tokens[name] = house.token(name)
