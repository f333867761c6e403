"""Before a wave is approved, its page says whether mail servers will believe the sender, and asks nobody while nothing leaves."""

import asyncio

import pytest

from actions.desk import Desk
from settings.model import Settings
from tests.fakes import dns
from tests.web.browser import Browser, Team
from tests.web.page import Page
from web.app import application

RECORDS = {
    "example.org": ["v=spf1 include:sendgrid.net -all"],
    "s1._domainkey.example.org": ["p=MIGfMA0"],
    "_dmarc.example.org": ["v=DMARC1; p=none"],
}


@pytest.mark.parametrize(("way", "shown"), [("sendgrid", True), ("outbox", False)])
def test_the_page_of_a_draft_says_what_servers_will_see(
    house: Settings, full: str, desk: Desk, way: str, shown: bool
) -> None:
    with dns.running(RECORDS) as server, asyncio.Runner() as loop:
        changes = {"email_channel": way, "from_address": "notices@example.org", "dns_server": server}
        app = application(house.model_copy(update=changes))
        manager: Browser = Team(app, desk, loop).member("manager@example.org", "manager")
        words = Page(manager.get(f"/incidents/{full}/waves/1").text).words
        app.state.house.database.close()
    assert ("example.org says who may send" in words) is shown
    assert ("only watches (p=none)" in words) is shown
