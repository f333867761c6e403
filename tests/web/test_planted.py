"""Markup that somebody stored in any text is shown as the text that it is, on every page; no page holds script of its own."""

import json
from urllib.parse import quote

import httpx
import pytest

from actions.desk import Desk
from tests.web.browser import Browser, Team, refusals
from tests.web.crawl import crawl, not_ours
from tests.web.page import Page
from tests.web.scene import under_way
from tests.web.test_roles import filled
from web.guard import HEADERS, POLICY
from web.pages.texts import ALONE
from web.roles import EVERYONE
from web.table import FORMS, ROUTES

PLANT = """</textarea></title><script>plant()</script><img src=x onerror=plant()>"'><b id='{{ 7*7 }}{% raw %}"""


@pytest.fixture
def everyone(team: Team) -> Browser:
    return team.member("all@example.org", *sorted(EVERYONE))


PLANTED: list[tuple[str, dict[str, object]]] = [
    ("stop-wave", {"number": "2", "reasons": PLANT}),
    ("draft-wave", {"kinds": "customer", "template": "breach-notice", "name": PLANT}),
    ("record-fact", {"name": "story.what_happened", "value": PLANT, "source": PLANT}),
    ("record-fact", {"other": "story.measures", "value": json.dumps([PLANT])}),
    ("move-awareness", {"aware_at": "2026-11-20T10:00", "aware_at_zone": "UTC", "reasons": PLANT}),
    ("decide", {"kind": "narrowing", "about": "", "choice": PLANT, "reasons": PLANT}),
    ("correct-person", {"number": "1", "column": "email", "value": "new@example.org", "reasons": PLANT}),
    ("flag-person", {"number": "1", "flag": "victim_of_abuse", "reasons": PLANT}),
    ("pause-wave", {"number": "1", "reasons": PLANT}),
    ("task-done", {"number": "1", "outcome": PLANT}),
    ("task-cancel", {"number": "2", "outcome": PLANT}),
    ("restrict", {"members": ["all@example.org", "approver@example.org"], "reasons": PLANT}),
]
PROOF = (f"..%2f{PLANT}.pdf".replace("/", "%2f"), b"%PDF-1.7\n", "text/html")
FILED = {"number": "1", "channel": "portal", "authority_reference": PLANT, "late_reasons": PLANT}
DECLARED = {"title": PLANT, "detected": "2026-11-20T10:00", "detected_zone": "UTC", "story": PLANT}


@pytest.fixture
def planted(full: str, desk: Desk, everyone: Browser, team: Team) -> str:
    """The plant in whatever text can be stored by a form."""
    under_way(desk, full)
    other = team["approver"]
    for key, typed in PLANTED:
        everyone.do(full, key, **typed)
    everyone.do(full, "draft")
    text = other.page(f"/incidents/{full}/reports/1").form("/do/approve-report").fields["text"]
    other.do(full, "approve-report", number="1", text=text)
    everyone.do(full, "file-report", files={"proof": PROOF}, **FILED)
    assert everyone.post("/declare", DECLARED).status_code == 303
    account = {"name": "plant@example.org", "display_name": PLANT, "role": "auditor"}
    assert everyone.post("/accounts/add", account).status_code == 200
    return full


def test_a_plant_is_shown_as_text_on_every_page_that_can_be_reached(everyone: Browser, planted: str) -> None:
    starts = [filled(route, planted) for route in ROUTES if route.method == "GET" and "static" not in route.path]
    seen, held = 0, set()
    for path, answer in crawl(
        everyone, *starts, "/?state=all", f"/?q={quote(PLANT[:60])}", f"/incidents/{planted}/journal?all=yes"
    ):
        assert answer.status_code < 500, path
        if answer.headers.get("content-type", "").startswith("text/html"):
            page = Page(answer.text)
            seen += 1
            if "plant()" in page.words:
                held.add(path.split("?")[0])
                assert "{{ 7*7 }}" in page.words or path.startswith("/?"), path
            if not path.endswith("/html"):
                assert not_ours(page) == [], path
            assert not [
                one for one in page.elements if one.told.get("src") == "x" or one.told.get("id", "").startswith("{{")
            ], path
            assert "plant" not in [one.name for one in page.elements]
    assert seen > len(FORMS)
    here = f"/incidents/{planted}"
    assert {
        "/",
        here,
        f"{here}/facts",
        f"{here}/journal",
        f"{here}/reports/1",
        "/accounts",
        "/incidents/FW-2026-0002",
    } <= held


@pytest.mark.parametrize(
    "path", ["/incidents/<b id=x>", "/<b id=x>", "/?q=<b id=x>&owner=<b id=x>&state=<b id=x>", "/sign-in?next=<b id=x>"]
)
def test_a_plant_in_an_address_is_shown_as_text(everyone: Browser, team: Team, path: str) -> None:
    for browser in (everyone, team.nobody()):
        answer = browser.get(path)
        assert not [one for one in Page(answer.text).elements if one.told.get("id") == "x"]


def test_a_plant_in_a_cookie_is_shown_as_text_or_not_at_all(everyone: Browser) -> None:
    for name in ("said", "zone", "language"):
        everyone.client.cookies.set(name, quote(PLANT), domain="forthwith.example")
    page = everyone.page("/")
    assert not_ours(page) == []
    assert PLANT[:30] in page.words


def test_a_plant_comes_back_as_typed_from_every_form(everyone: Browser, full: str) -> None:
    for form in FORMS:
        answer = everyone.post(
            f"/incidents/{full}/do/{form.key}", {one.name: PLANT for one in form.fields} | {"x<b id=x>": "1"}
        )
        assert answer.status_code == 422, form.key
        assert not_ours(Page(answer.text)) == [], form.key
        assert "x<b id=x>" in refusals(answer), form.key


def answers(everyone: Browser, team: Team, full: str) -> list[httpx.Response]:
    """One of each kind of answer there is."""
    nobody, here = team.nobody(), f"/incidents/{full}"
    return [
        *(
            everyone.get(path)
            for path in (
                "/",
                here,
                "/nothing",
                "/incidents/FW-0",
                f"{here}/pack",
                "/alive",
                f"{here}/people/columns.csv",
            )
        ),
        everyone.ask("OPTIONS", "/"),
        everyone.ask("HEAD", here),
        everyone.post(f"{here}/do/close"),
        everyone.post(f"{here}/do/assess"),
        nobody.get("/"),
        nobody.get("/live"),
        nobody.post("/declare"),
        everyone.ask("POST", "/sign-out"),
        everyone.ask("POST", "/sign-in", content=b"x" * 2_000_000),
    ]


def test_every_answer_tells_the_browser_what_it_may_not_do(everyone: Browser, team: Team, full: str) -> None:
    for answer in answers(everyone, team, full):
        told = {name: answer.headers.get(name) for name in HEADERS}
        assert told == HEADERS, (answer.request.method, answer.request.url.path, answer.status_code)


def test_the_policy_allows_no_script_or_style_within_a_page_and_nothing_of_other_houses() -> None:
    allowed = dict(one.split(" ", 1) for one in POLICY.split("; "))
    assert allowed["default-src"] == allowed["frame-ancestors"] == allowed["base-uri"] == "'none'"
    assert allowed["script-src"] == allowed["style-src"] == allowed["form-action"] == allowed["connect-src"] == "'self'"
    assert "unsafe" not in POLICY


def test_a_notice_is_looked_at_in_a_frame_that_may_do_nothing(everyone: Browser, planted: str) -> None:
    answer = next(one for path, one in crawl(everyone, f"/incidents/{planted}/waves/3") if path.endswith("/html"))
    assert answer.headers["content-security-policy"] == ALONE
    assert "sandbox" in ALONE.split("; ")
    assert "script" not in {one.name for one in Page(answer.text).elements}
    page = everyone.page(f"/incidents/{planted}/waves/3")
    assert [one.told["sandbox"] for one in page.elements if one.name == "iframe"] == [""]
