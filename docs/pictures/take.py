"""Takes the README's pictures of the dashboard: the demonstration is replayed, invented incidents stand beside it."""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))  # the tests are no installed package

from actions.append_facts import Known
from actions.approve_report import approve_report
from actions.approve_wave import approve_wave
from actions.assess import assess
from actions.check_deadlines import check_deadlines
from actions.contain import contain
from actions.declare import Declaration, declare
from actions.end_task import end_task, verify_task
from actions.file_report import Filing, file_report
from actions.hand_over import take_over
from actions.launch import launch
from actions.prepare_notices import prepare_notices
from actions.prepare_reports import prepare_reports
from actions.record_facts import record_facts
from db.queries.work import tasks
from settings.model import Settings, load
from tests.browser.chromium import HOW, installed
from tests.browser.house import House
from tests.conftest import MANAGER, OFFICER
from tests.ledger import STORY, WRITER, customers, enter
from web.guard import COOKIE

HERE = Path(__file__).parent
WIDE, TALL, PHONE = {"width": 1280, "height": 860}, {"width": 1280, "height": 1440}, {"width": 390, "height": 844}


def main() -> None:
    """Replay, invent, look, and take the pictures."""
    chromium = installed()
    if chromium is None:
        sys.exit(HOW)
    with tempfile.TemporaryDirectory(prefix="forthwith-pictures-") as place:
        folder = Path(place) / "demo"
        subprocess.run(
            [Path(sys.executable).with_name("forthwith"), "exercise", "run", "cps-2016", "--folder", folder], check=True
        )
        os.environ["FORTHWITH_HOME"] = str(folder / "home")
        house = House(office(), folder).start()
        try:
            invent(house)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                take(house, browser)
                browser.close()
        finally:
            house.end()


def office() -> Settings:
    """The demonstration's home, with an office of today in it."""
    contact = {
        "contact_name": "Data Protection Officer",
        "contact_email": "dpo@example.org",
        "contact_phone": "020 7946 0018",
    }
    people = {"owner": MANAGER, "actor": MANAGER, "data_protection_officer": OFFICER}
    return load().model_copy(update={"organisation": "Example Office", **people, **contact})


def invent(house: House) -> None:
    """Four open incidents, each further along than the next."""
    letters = an_incident(
        house,
        "Letters folded into the wrong envelopes",
        67,
        {"people.GB": 240, "data": ["name", "postal_address", "bank_account"]},
    )
    an_incident(
        house,
        "Mailbox of the accounts team taken over",
        30,
        {"people.GB": 1800, "people.FR": 12, "nature": ["access"], "data": ["name", "email_address"]},
        risk=None,
    )
    an_incident(
        house,
        "Laptop left on a train",
        5,
        {"people.GB": 35, "protection.encrypted": True, "protection.key_compromised": False, "kinds": ["employee"]},
        risk=None,
    )
    an_incident(
        house, "Spreadsheet sent to a supplier", 76, {"people.GB": 60, "data": ["name", "email_address"]}, risk="risk"
    )
    under_way(house, letters)
    check_deadlines(house.desk.acting_as("system"))


def an_incident(house: House, title: str, hours: int, facts: dict[str, Any], risk: str | None = "high") -> Any:
    """Declared now, noticed so many hours ago."""
    noticed = datetime.now(UTC) - timedelta(hours=hours, minutes=13)
    known = {
        "events.detected": noticed.isoformat(timespec="minutes"),
        "events.aware": (noticed + timedelta(minutes=40)).isoformat(timespec="minutes"),
        "kinds": ["customer"],
        "protection.encrypted": False,
        "organisation.roles": ["controller"],
        "purposes": ["general"],
        "organisation.establishments": ["GB"],
        **({"risk": risk} if risk else {}),
        **facts,
    }
    made = declare(house.desk, Declaration(title=title, facts=known))
    assess(house.desk, made.id)
    contain(house.desk, made.id)
    prepare_reports(house.desk, made.id)
    return made


def under_way(house: House, incident: Any) -> None:
    """Told to the authority; the first notices gone, the next wave waiting for its second person."""
    desk, officer = house.desk, house.desk.acting_as(OFFICER)
    take_over(desk.acting_as(desk.settings.data_protection_officer), incident.id, "manager_to_dpo")
    record_facts(
        desk.acting_as(WRITER), incident.id, [Known(name, value, "the mail room") for name, value in STORY.items()]
    )
    prepare_reports(desk, incident.id)
    approve_report(officer, incident.id, 1)
    proof = b"Received with thanks."
    file_report(desk, incident.id, 1, Filing("portal", "IC-2042-X", "acknowledgement.txt", proof))
    by_telephone = [
        {"reference": f"V{one}", "name": f"Kim Sample {one}", "kind": "victim", "phone": f"020 7946 010{one}"}
        for one in range(3)
    ]
    by_letter = [
        {"reference": f"L{one}", "name": f"Lou Sample {one}", "address": f"{one} Example Street; Exampletown; EX1 1AA"}
        for one in range(1, 9)
    ]
    enter(desk, incident, house.folder, [*customers(12), *by_letter, *by_telephone])
    prepare_notices(desk, incident.id)
    approve_wave(officer, incident.id, 1)
    launch(desk, incident.id, 1)
    house.send(incident.reference, 1).join()
    with desk.reading() as session:
        first = next(one.number for one in tasks(session, incident.id) if one.kind == "containment")
    end_task(desk, incident.id, first, "The envelopes left unsent were taken back.")
    verify_task(officer, incident.id, first, "Counted them.")
    prepare_reports(desk, incident.id)


def take(house: House, browser: Browser) -> None:
    """One picture each."""
    manager = seat(house, browser, MANAGER, WIDE)
    picture(manager, house, "/", "war-room")
    picture(seat(house, browser, MANAGER, TALL), house, "/incidents/FW-2026-0001", "incident")
    picture(manager, house, "/incidents/FW-2026-0001/people", "people")
    picture(seat(house, browser, OFFICER, TALL), house, "/incidents/FW-2026-0001/waves/2", "approve")
    picture(seat(house, browser, OFFICER, WIDE, color_scheme="dark"), house, "/incidents/EX-2016-0001", "exercise")
    picture(seat(house, browser, MANAGER, PHONE, device_scale_factor=1.5), house, "/declare", "declare-on-a-phone")


def seat(house: House, browser: Browser, name: str, size: Any, **how: Any) -> Page:
    """A page of someone's own browser."""
    context = browser.new_context(viewport=size, locale="en-GB", timezone_id="Europe/London", **how)
    context.add_cookies(
        [{"name": COOKIE, "value": house.tokens[name], "url": house.url, "httpOnly": True, "sameSite": "Lax"}]
    )
    return context.new_page()


def picture(page: Page, house: House, path: str, name: str) -> None:
    """What stands in the window at this address."""
    page.goto(house.url + path)
    page.goto(house.url + path)  # the second time the server knows the browser's zone
    page.wait_for_timeout(300)
    page.screenshot(path=HERE / f"{name}.png")


if __name__ == "__main__":
    main()
