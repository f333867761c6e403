"""The accused and third parties never stand in one page, file or download with victims: every way out of the house is tried."""

import io
import zipfile
from pathlib import Path

from actions.deliver import deliver
from actions.desk import Desk
from tests.ledger import an_incident_with, launched
from tests.web.browser import Browser, Team
from tests.web.crawl import crawl

MARKS = {"victim": "Vanessamark", "accused": "Alistairmark", "third_party": "Theodoramark"}
CIRCLES = [
    {"reference": f"ref-{mark}", "kind": kind, "name": f"{mark} Sample", "email": f"{mark}@example.org"}
    | {"phone": f"07700 90012{place}", "address": f"1 {mark} Street;Sampletown"}
    for place, (kind, mark) in enumerate(MARKS.items())
]


def held(data: bytes) -> set[str]:
    """Whose marks it holds, whatever the file."""
    return {mark for mark in MARKS.values() if mark.casefold() in data.decode(errors="replace").casefold()}


def test_no_page_and_no_download_holds_two_circles(team: Team, desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, CIRCLES, title="Lost discs")
    for wave in launched(desk, incident):
        deliver(desk, wave.id)
    browser: Browser = team.member("all@example.org", "manager", "responder", "approver", "auditor")
    seen, named = 0, set[str]()
    for path, answer in crawl(browser, f"/incidents/{incident.reference}"):
        if f"/incidents/{incident.reference}" in path:
            seen += 1
            assert len(held(answer.content)) <= 1, path
            named |= held(answer.content)
    assert named == set(MARKS.values()), "each was looked at, by itself"
    assert seen > 20


def test_the_pack_holds_no_mark_of_anyone(team: Team, desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, CIRCLES, title="Lost discs")
    launched(desk, incident)
    answer = team.member("a@example.org", "auditor").get(f"/incidents/{incident.reference}/pack")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        assert files.namelist()
        assert [name for name in files.namelist() if held(files.read(name))] == []


def test_no_message_that_left_holds_anyone_s_mark_but_its_own(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, CIRCLES)
    for wave in launched(desk, incident):
        deliver(desk, wave.id)
    files = list(desk.settings.outbox_folder.rglob("*.eml"))
    assert sorted(map(len, (held(path.read_bytes()) for path in files))) == [1, 1]
