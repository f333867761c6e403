"""Requests that no browser of ours would send: sizes, shapes, paths, headers, numbers; each gets a clear answer and changes nothing."""

import logging

import pytest

from actions.desk import Desk
from tests.accounts import PASSWORD, an_account
from tests.web.browser import Browser, Team, refusals
from tests.web.page import Page
from tests.web.record import written
from tests.web.test_roles import filled
from web.app import MOST_FIELDS
from web.guard import COOKIE
from web.routes import SMALL
from web.table import FORMS, ROUTES

BOTH_DATABASES = True
EMPTY = "FW-2026-0001"


@pytest.fixture
def everyone(team: Team) -> Browser:
    return team.member("all@example.org", "manager", "responder", "approver", "auditor", "administrator")


@pytest.fixture
def empty(everyone: Browser) -> str:
    """An incident on which there is nothing yet."""
    typed = {"title": "Lost discs", "detected": "2026-11-20T10:00", "detected_zone": "UTC"}
    assert everyone.post("/declare", typed).status_code == 303
    return EMPTY


@pytest.mark.parametrize("number", ["9", "2147483648", "9" * 30])
def test_a_number_that_is_not_there_is_said_wherever_it_stands(
    everyone: Browser, empty: str, number: str, desk: Desk
) -> None:
    before = written(desk)
    for route in ROUTES:
        if "{number:int}" in route.path:
            path = route.path.replace("{number:int}", number).replace("{person:int}", number)
            path = path.replace("{reference}", empty).replace("{shape}", "html")
            assert everyone.get(path).status_code in (200, 404), path
    for form in FORMS:
        if any(one.kind == "number" for one in form.fields):
            answer = everyone.post(f"/incidents/{empty}/do/{form.key}", plausible(form.key) | {"number": number})
            assert answer.status_code in (404, 409, 422), (form.key, answer.status_code)
            assert refusals(answer), form.key
    for question in (
        f"/?page={number}",
        f"/incidents/{empty}/people?from={number}",
        f"/incidents/{empty}/facts?hour={number}",
    ):
        assert everyone.get(question).status_code == 200, question
    assert [name for name, rows in written(desk).items() if rows != before[name]] in ([], ["journal", "journal_heads"])


def plausible(key: str) -> dict[str, str]:
    """What may be typed into the form beside the number."""
    [form] = [one for one in FORMS if one.key == key]
    typed = {one.name: "x" for one in form.fields if one.kind in ("line", "text")}
    for one in form.fields:
        if one.kind == "choice" and isinstance(one.choices, dict) and one.choices:
            typed[one.name] = next(iter(one.choices))
    return typed


@pytest.mark.parametrize("text", ["\x00", "\u202e😀\x0b\x1b[31m"], ids=["nul", "signs"])
def test_a_text_that_a_database_may_not_take_is_kept_or_refused_and_never_breaks(
    everyone: Browser, empty: str, text: str
) -> None:
    for form in FORMS:
        typed = {one.name: f"a{text}b" for one in form.fields if one.kind in ("line", "text")}
        answer = everyone.post(f"/incidents/{empty}/do/{form.key}", plausible(form.key) | typed | {"number": "1"})
        assert answer.status_code in (303, 404, 409, 422), form.key
        assert everyone.get(f"/incidents/{empty}").status_code == 200, form.key
    assert everyone.post("/declare", {"title": f"a{text}b", "detected": "2026-11-20T10:00"}).status_code in (
        303,
        409,
        422,
    )
    assert everyone.post(
        "/accounts/add", {"name": f"a{text}b", "display_name": f"a{text}b", "role": "auditor"}
    ).status_code in (200, 409)
    assert everyone.ask("POST", "/sign-in", data={"name": f"a{text}b", "password": text}).status_code == 401
    for path in ("/incidents/a%00b", "/incidents/%EF%BB%BF", "/incidents/%ff", "/incidents/" + "A" * 5000):
        assert everyone.get(path).status_code == 404, path
    assert everyone.ask("GET", "/", params={"q": text, "owner": text, "page": text}).status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/declare", f"/incidents/{EMPTY}/do/close"])
def test_a_body_larger_than_a_form_takes_is_refused(everyone: Browser, empty: str, path: str, desk: Desk) -> None:
    before = written(desk)
    largest = next(
        route.largest for route in ROUTES if route.method == "POST" and route.path == path.replace(EMPTY, "{reference}")
    )
    answer = everyone.post(path, {"reasons": "x" * largest})
    assert answer.status_code == 413
    assert "larger than this form takes" in refusals(answer)
    assert written(desk) == before


def test_only_forms_with_a_file_take_much() -> None:
    large = {route.path.split("/")[-1]: route.largest for route in ROUTES if route.largest > SMALL}
    assert set(large) == {"import-people", "list", "file-report", "sign-in", "second-factor", "password", "sendgrid"}
    assert {route.largest for route in ROUTES if route.roles is None and not route.raw} <= {SMALL, large["sign-in"]}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"&".join(b"a%d=x" % one for one in range(MOST_FIELDS + 1)), "application/x-www-form-urlencoded", 400),
        (b"not a form", "multipart/form-data", 400),
        (b"--x\r\n" * 500, "multipart/form-data; boundary=x", 400),
        (
            b'--x\r\ncontent-disposition: form-data; name="a"; filename="b"\r\n\r\n\r\n' * 9 + b"--x--",
            "multipart/form-data; boundary=x",
            400,
        ),
        (b"{}", "application/json", 403),
        (b"<a/>", "text/xml", 403),
    ],
)
def test_a_body_that_is_no_form_does_nothing(
    everyone: Browser, empty: str, body: bytes, kind: str, status: int, desk: Desk
) -> None:
    before = written(desk)
    for path in ("/declare", f"/incidents/{empty}/do/import-people", f"/incidents/{empty}/do/assess"):
        answer = everyone.ask("POST", path, content=body, headers={"content-type": kind})
        assert answer.status_code == status, path
        assert refusals(answer)
    assert written(desk) == before


def test_a_file_where_a_word_belongs_and_a_word_where_a_file_belongs_are_refused(
    everyone: Browser, empty: str, desk: Desk
) -> None:
    before = written(desk)
    here = f"/incidents/{empty}/do"
    assert set(Page(everyone.post(f"{here}/close", files={"reasons": ("x.txt", b"x")}).text).wrong) == {"reasons"}
    assert set(Page(everyone.post(f"{here}/import-people", {"list": "kind,name"}).text).wrong) == {"list"}
    assert everyone.post("/sign-in", files={"name": ("x", b"x"), "password": ("x", b"x")}).status_code == 401
    assert written(desk) == before


def test_what_a_form_does_not_ask_cannot_be_set_by_it(everyone: Browser, empty: str, desk: Desk) -> None:
    before = written(desk)
    for extra in ("reference", "declared_by", "owner", "closed_at", "restricted", "sealed", "id", "actor"):
        answer = everyone.post(f"/incidents/{empty}/do/record-fact", {"other": "people.FR", "value": "1", extra: "x"})
        assert (answer.status_code, extra in refusals(answer)) == (422, True), extra
    answer = everyone.post(
        "/declare", {"title": "x", "detected": "2026-11-20T10:00", "reference": "FW-1", "owner": "me"}
    )
    assert answer.status_code == 422
    assert written(desk) == before


@pytest.mark.parametrize(
    "extra",
    [
        {"what": "roles", "role": "god"},
        {"what": "delete"},
        {"what": ""},
        {"what": "disable", "name": "nobody@example.org"},
    ],
)
def test_an_account_is_changed_only_in_ways_that_there_are(
    everyone: Browser, desk: Desk, extra: dict[str, str]
) -> None:
    an_account(desk, "ann@example.org")
    before = written(desk)
    answer = everyone.post("/accounts/change", {"name": "ann@example.org", **extra})
    assert (answer.status_code, bool(refusals(answer))) == (409, True)
    assert written(desk) == before


def test_a_number_of_one_incident_opens_nothing_of_another(everyone: Browser, empty: str, desk: Desk) -> None:
    """Everything that the second incident has is asked for under the name of the first, which has none of it."""
    typed = {
        "title": "Another",
        "detected": "2026-11-20T10:00",
        "detected_zone": "UTC",
        "risk": "high",
        "people": "GB=3",
    }
    other = everyone.post("/declare", typed | {"kinds": "customer", "data": "name"}).headers["location"]
    everyone.post(f"{other}/do/draft")
    things = {
        one.split("?")[0].removeprefix(other)
        for one in everyone.page(other).links
        if one.startswith(f"{other}/") and "/reports/" in one
    }
    assert things
    assert {everyone.get(f"{other}{one}").status_code for one in things} == {200}
    assert {everyone.get(f"/incidents/{empty}{one}").status_code for one in things} == {404}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_do_nothing(everyone: Browser, empty: str, desk: Desk, method: str) -> None:
    before = written(desk)
    for route in ROUTES:
        if "static" not in route.path:
            answer = everyone.ask(method, filled(route, empty))
            assert answer.status_code == 405, route.name
            assert "access-control-allow-origin" not in answer.headers
    assert (
        everyone.post(f"/incidents/{empty}", {"_method": "DELETE"}, **{"x-http-method-override": "DELETE"}).status_code
        == 405
    )
    assert written(desk) == before


def test_asking_for_the_head_alone_gives_the_same_headers(everyone: Browser, empty: str) -> None:
    everyone.page("/")  # what the declaration said is said once
    for path in ("/", f"/incidents/{empty}", "/sign-in", "/nothing"):
        whole, head = everyone.get(path), everyone.ask("HEAD", path)
        assert head.status_code == whole.status_code, path
        assert set(head.headers) == set(whole.headers), path


SECRET = "Sam Secret of 1 Hidden Lane"


def test_what_breaks_is_told_by_a_reference_and_quotes_nothing(
    everyone: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, desk: Desk
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("web.pages.war_room.board", breaks)
    with caplog.at_level(logging.DEBUG):
        answer = everyone.get("/")
    log = (desk.settings.home / "log" / "errors.log").read_text()
    assert answer.status_code == 500
    words = Page(answer.text).words
    assert "RuntimeError" in words
    [ref] = {word.rstrip(".") for word in words.split() if word.rstrip(".") in log and len(word.rstrip(".")) == 8}
    assert ref in log
    assert all(SECRET not in text for text in (answer.text, log, caplog.text))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_log_names_people_passwords_or_tokens(team: Team, full: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        manager = team["manager"]
        assert "Sam Sample" in manager.page(f"/incidents/{full}/people/1").words
        manager.post(
            f"/incidents/{full}/do/correct-person", {"number": "1", "column": "name", "value": SECRET, "reasons": "x"}
        )
        manager.ask("POST", "/sign-in", data={"name": "manager@example.org", "password": PASSWORD})
    token = manager.client.cookies[COOKIE]
    for secret in ("Sam Sample", SECRET, PASSWORD, token, manager.csrf):
        assert secret not in caplog.text
