"""Every page there is: nothing that axe finds wrong, light or dark, wide or narrow; no complaint of the browser, no other house."""

from collections.abc import Iterator

import pytest

from actions import clock
from actions.desk import find
from db.queries.work import tasks
from tests.browser.conftest import Comes
from tests.browser.house import KEY, House
from tests.browser.scenes import a_full_incident
from tests.browser.seat import Seat
from tests.conftest import MANAGER, OFFICER
from tests.intakes import told
from web.table import FORMS, ROUTES
from web.under_way import TakingIn

pytestmark = pytest.mark.xdist_group("browser")

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
LAID_OUT = ("color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable")
"""What may differ with the scheme and the width; the rest of a page is the same page."""
NO_PAGE = {
    "/alike",
    "/alive",
    "/static/{mark}/{name:path}",
    "/incidents/{reference}/people/columns.csv",
    "/incidents/{reference}/pack",
    "/incidents/{reference}/waves/{number:int}/{person:int}/{shape}",
    "/incidents/{reference}/reports/{number:int}/sheet",
    "/incidents/{reference}/reports/{number:int}/pdf",
    "/incidents/{reference}/reports/{number:int}/json",
    "/incidents/{reference}/reports/{number:int}/proof",
    "/incidents/{reference}/reports/{number:int}/sent",
    "/incidents/{reference}/reports/{number:int}/script",
    "/incidents/{reference}/people/{number:int}/proof",
    "/incidents/{reference}/people/{number:int}/sent/{place:int}",
    "/incidents/{reference}/tasks/{number:int}/letter",
}
"""Answers that are files, pieces of a page, or signs for machines."""
NOWHERE = "/no/such/page"
SEEN_BY = {
    "/accounts": "administrator@example.org",
    "/sign-in": "",
    "/second-factor": "",
    "/tell/{key}": "",
    "/told": "",
}


def pages(reference: str, script: int, intake: str) -> Iterator[tuple[str, str]]:
    """Who looks, and at which address, for every page of the table; and some pages in another state."""
    place = {"/intakes/{reference}": f"/intakes/{intake}", "{reference}": reference, "{number:int}": "1", "{key}": KEY}
    for route in ROUTES:
        if route.method != "GET" or route.path in NO_PAGE or "/do/" in route.path:
            continue
        path = route.path.replace("tasks/{number:int}", f"tasks/{script}")
        for name, value in place.items():
            path = path.replace(name, value)
        yield SEEN_BY.get(route.path, MANAGER), path
    yield MANAGER, "/?state=all&exercises=yes"
    yield "reporter@example.org", "/"
    yield OFFICER, f"/incidents/{reference}/waves/2"
    yield OFFICER, NOWHERE


def look(one: Seat, path: str, found: list[str]) -> None:
    """One page in both schemes and at both widths."""
    one.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    one.page.emulate_media(color_scheme="light")
    answer = one.page.goto(one.house.url + path)
    if answer is None or not (answer.ok or path == NOWHERE):
        found.append(f"{path} was not shown")
    found += [f"{path} {fault}" for fault in one.faults()]
    one.page.emulate_media(color_scheme="dark")
    found += [f"{path} dark {fault}" for fault in one.faults("color-contrast")]
    one.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    one.page.emulate_media(color_scheme="light")
    found += [f"{path} narrow {fault}" for fault in one.faults(*LAID_OUT)]
    wide, window = one.widths()
    if wide > window:
        found.append(f"{path} is {wide} wide on a phone of {window}")


def test_no_page_has_a_fault(comes: Comes, house: House) -> None:
    reference = a_full_incident(house, "Everything on it")
    seats = {name: comes(name) for name in ("", MANAGER, OFFICER, "administrator@example.org", "reporter@example.org")}
    found: list[str] = []
    intake = told(house.desk, "A stick was left on the tram.", noticed_at=None).reference
    half_taken_in(house, reference)
    for name, path in pages(reference, script_of(house, reference), intake):
        look(seats[name], path, found)
    assert found == []


def half_taken_in(house: House, reference: str) -> None:
    """A list that stays half read, under the key by which every page is asked for."""
    with house.desk.reading() as session:
        incident = find(session, reference).id
    one = TakingIn(incident, reference, MANAGER, clock.real_now(), key=KEY, done=600, rows=1200, wrong=1)
    house.under_way.follow(one)


def script_of(house: House, reference: str) -> int:
    """The number of a task that is a call to make."""
    with house.desk.reading() as session:
        return next(one.number for one in tasks(session, find(session, reference).id) if one.kind == "contact")


def test_no_form_has_a_fault(comes: Comes, house: House) -> None:
    reference = a_full_incident(house, "All that can be done")
    manager, found = comes(MANAGER), list[str]()
    for form in FORMS:
        one = manager if form.roles & {"manager"} else comes(OFFICER)
        look(one, f"/incidents/{reference}/do/{form.key}", found)
    assert found == []
