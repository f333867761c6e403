"""Coming in and going out: cookies, marks against forged forms, and a session that ends in the middle of a form."""

import re
from urllib.parse import quote

import httpx
import pyotp
import pytest

from actions import clock
from actions.add_account import add_account
from actions.desk import Desk
from actions.set_password import set_password
from actions.sign_in import revoke_sessions
from tests.accounts import PASSWORD, a_phone, a_token, an_account, code_of, seen
from tests.conftest import Time
from tests.web.browser import Browser, Team, refusals
from tests.web.page import Page
from tests.web.record import written
from web.guard import COOKIE
from web.park import _NEVER
from web.table import FORMS

TYPED = {
    "name": "",
    "other": "people.FR",
    "value": "2",
    "source": "told by Ann",
    "known_at": "",
    "known_at_zone": "UTC",
}
RECORD = "/incidents/FW-2026-0001/do/record-fact"


def signs_in(browser: Browser, page: Page, name: str, password: str = PASSWORD) -> httpx.Response:
    """Fill in the sign-in form of this page."""
    form = page.form("/sign-in")
    return browser.ask("POST", "/sign-in", data=form.fields | {"name": name, "password": password})


@pytest.fixture
def responder(team: Team) -> Browser:
    return team["responder"]


@pytest.fixture
def ended(team: Team, responder: Browser, full: str) -> Page:
    """The answer to a form that was sent after its session had been revoked."""
    revoke_sessions(team.desk, "responder@example.org")
    answer = responder.post(RECORD, TYPED)
    assert answer.status_code == 401
    return Page(answer.text)


def sends_on(browser: Browser, answer: httpx.Response) -> httpx.Response:
    """Press the button below the form that waited."""
    form = Page(answer.text).form("record-fact")
    return browser.ask("POST", form.action, data=form.fields)


def test_what_was_typed_comes_back_after_signing_in_and_is_sent_once_looked_through(
    responder: Browser, ended: Page, desk: Desk
) -> None:
    before = written(desk)
    assert "told by Ann" not in ended.source, "sealed on the page"
    wrong = signs_in(responder, ended, "responder@example.org", "a wrong password")
    assert wrong.status_code == 401
    answer = signs_in(responder, Page(wrong.text), "responder@example.org")
    assert answer.status_code == 200
    assert "told by Ann" in Page(answer.text).words
    assert written(desk)["facts"] == before["facts"], "nothing is sent before they send it"
    assert sends_on(responder, answer).status_code == 303
    assert len(written(desk)["facts"]) == len(before["facts"]) + 1


def test_it_comes_back_through_the_second_factor_too_and_after_a_wrong_code(team: Team, full: str, time: Time) -> None:
    an_account(team.desk, "ann@example.org", "responder")
    token = a_token(team.desk, "ann@example.org")
    phone = a_phone(team.desk, seen(team.desk, token))
    ann = Browser(team.app, team.loop).seat(team.desk, token)
    time.move(hours=2)
    parked = Page(ann.post(RECORD, TYPED).text)
    asked = Page(signs_in(ann, parked, "ann@example.org").text).form("/second-factor")
    again = Page(ann.ask("POST", "/second-factor", data=asked.fields | {"code": "000000"}).text).form("/second-factor")
    answer = ann.ask("POST", "/second-factor", data=again.fields | {"code": code_of(phone)})
    assert "told by Ann" in Page(answer.text).words
    assert sends_on(ann, answer).status_code == 303


def test_it_comes_back_through_a_password_that_someone_else_chose_too(
    team: Team, responder: Browser, ended: Page
) -> None:
    set_password(team.desk, "responder@example.org", "a sentence chosen by somebody else")
    first = signs_in(responder, ended, "responder@example.org", "a sentence chosen by somebody else")
    form = Page(first.text).form("/account/password")
    own = {"old": "a sentence chosen by somebody else", "password": PASSWORD, "password_again": "another"}
    wrong = Page(responder.ask("POST", "/account/password", data=form.fields | own).text).form("/account/password")
    answer = responder.ask("POST", "/account/password", data=wrong.fields | own | {"password_again": PASSWORD})
    assert "told by Ann" in Page(answer.text).words
    assert sends_on(responder, answer).status_code == 303


def test_what_one_typed_is_not_shown_to_another_who_signs_in_at_the_same_machine(
    team: Team, responder: Browser, ended: Page
) -> None:
    an_account(team.desk, "other@example.org", "responder")
    answer = signs_in(responder, ended, "other@example.org")
    assert answer.status_code == 409
    assert "told by Ann" not in answer.text
    assert "typed by someone else" in refusals(answer)
    assert responder.page("/"), "they are signed in all the same"


def test_a_form_that_no_page_of_ours_gave_is_not_kept(team: Team, full: str) -> None:
    """Or another site could lay words before someone who signs in, one click from being sent in their name."""
    for mark in ({}, {"csrf": ""}, {"csrf": "x" * 43}):
        answer = team.nobody().ask("POST", RECORD, data=TYPED | mark)
        assert (answer.status_code, Page(answer.text).form("/sign-in").fields["parked"]) == (401, "")


@pytest.mark.parametrize("parked", ["x", "AAAA", "é", "QUJD" * 40])
def test_a_kept_form_that_was_tampered_with_is_refused_and_the_sign_in_counts(team: Team, parked: str) -> None:
    an_account(team.desk, "ann@example.org")
    ann = team.nobody()
    answer = ann.ask("POST", "/sign-in", data={"name": "ann@example.org", "password": PASSWORD, "parked": parked})
    assert (answer.status_code, "type it again" in refusals(answer)) == (409, True)
    assert ann.page("/")


def test_passwords_and_codes_are_never_kept(team: Team, responder: Browser, full: str) -> None:
    secret = "a password that must not come back"
    typed = {"old": secret, "password": secret, "password_again": secret, "code": secret}
    revoke_sessions(team.desk, "responder@example.org")
    parked = Page(responder.post("/account/password", typed).text)
    assert secret not in signs_in(responder, parked, "responder@example.org").text


def test_every_secret_field_of_every_page_is_among_those_never_kept(team: Team, full: str) -> None:
    secret = {
        one.told["name"]
        for path in ("/sign-in", "/account/password", "/account/second-factor")
        for one in (team.nobody() if path == "/sign-in" else team["responder"]).page(path).elements
        if one.told.get("type") == "password" or "code" in one.told.get("autocomplete", "")
    }
    assert secret >= {"old", "password", "password_again", "code"}
    assert secret <= set(_NEVER)
    assert not [one for form in FORMS for one in form.fields if one.kind == "secret"], (
        "then it must not be parked either"
    )


def test_a_long_form_is_kept_too(team: Team, responder: Browser, full: str) -> None:
    long = "ünendlich 😀 " * 5000
    revoke_sessions(team.desk, "responder@example.org")
    parked = Page(responder.post(RECORD, TYPED | {"source": long}).text)
    answer = signs_in(responder, parked, "responder@example.org")
    assert answer.status_code == 200
    assert long.strip() in Page(answer.text).form("record-fact").fields["source"]


def cookies(answer: httpx.Response) -> dict[str, str]:
    """The attributes of each cookie that an answer sets, in small letters."""
    return {one.split("=")[0]: one.partition(";")[2].lower() for one in answer.headers.get_list("set-cookie")}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_cookies_are_for_this_site_alone_out_of_reach_of_scripts_and_encrypted_wherever_the_site_is(
    team: Team, scheme: str
) -> None:
    an_account(team.desk, "ann@example.org")
    ann = team.nobody()
    ann.client.base_url = f"{scheme}://forthwith.example"  # type: ignore[assignment]
    answer = ann.ask("POST", "/sign-in", data={"name": "ann@example.org", "password": PASSWORD})
    told = cookies(answer)[COOKIE]
    assert all(one in told for one in ("httponly", "samesite=lax", "path=/"))
    assert "domain" not in told
    assert ("secure" in told) is (scheme == "https")
    assert "max-age" not in told, "it goes when the browser goes"


def test_signing_in_gives_a_token_of_its_own_and_signing_out_ends_it_on_the_server(team: Team) -> None:
    an_account(team.desk, "ann@example.org")
    ann = team.nobody()
    ann.client.cookies.set(COOKIE, "chosen-by-somebody", domain="forthwith.example")
    ann.ask("POST", "/sign-in", data={"name": "ann@example.org", "password": PASSWORD})
    token = ann.client.cookies[COOKIE]
    assert token != "chosen-by-somebody"
    ann.seat(team.desk, token)
    assert ann.post("/sign-out").headers["location"] == "/sign-in"
    ann.client.cookies.set(COOKIE, token, domain="forthwith.example")
    assert ann.get("/").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("cookie", ["", "x", "x" * 8000, "%00", "..", "\"'<script>"])
def test_a_cookie_that_was_made_up_is_nobodys(team: Team, cookie: str) -> None:
    answer = team.nobody().ask("GET", "/", headers={"cookie": f"{COOKIE}={cookie}"})
    assert answer.headers["location"] == "/sign-in?next=%2F"


def test_a_session_ends_when_it_was_idle_and_at_the_latest_after_its_hours(team: Team, time: Time) -> None:
    responder = team["responder"]
    for _ in range(24):
        assert responder.get("/").status_code == 200
        time.move(minutes=30)
    assert responder.get("/").status_code == 303


def test_a_new_password_ends_every_other_session_and_keeps_this_one(team: Team, desk: Desk) -> None:
    responder = team["responder"]
    other = Browser(team.app, team.loop).seat(desk, a_token(desk, "responder@example.org"))
    new = "five tall poplars by a river"
    typed = {"old": PASSWORD, "password": new, "password_again": new}
    assert responder.post("/account/password", typed | {"password_again": "x"}).status_code == 422
    assert responder.post("/account/password", typed | {"old": "x"}).status_code == 409
    assert responder.post("/account/password", typed).status_code == 303
    assert responder.get("/").status_code == 200
    assert other.get("/").status_code == 303


def test_a_new_account_signs_in_changes_its_password_sets_up_its_phone_and_is_in(team: Team) -> None:
    administrator = team["administrator"]
    answer = administrator.post(
        "/accounts/add", {"name": "Ann@example.org", "display_name": "Ann", "role": ["manager"]}
    )
    [password] = re.findall(r'<code class="big">([^<]+)</code>', answer.text)
    assert password not in administrator.page("/accounts").source, "shown once"
    ann = team.nobody()
    assert (
        ann.ask("POST", "/sign-in", data={"name": "ann@example.org", "password": password}).headers["location"] == "/"
    )
    assert ann.get("/declare").headers["location"] == "/account/password"
    form, new = ann.page("/account/password").form("/account/password"), "five tall poplars by a river"
    ann.ask("POST", "/account/password", data=form.fields | {"old": password, "password": new, "password_again": new})
    assert ann.get("/declare").headers["location"] == "/account/second-factor"
    page = ann.page("/account/second-factor")
    [key] = re.findall(r"<code>([A-Z2-7]{32})</code>", page.source)
    assert ann.page("/account/second-factor").source.count(key), "looking again shows the same one"
    code = pyotp.TOTP(key).at(clock.now())
    ann.ask("POST", "/account/second-factor", data=page.form("second-factor").fields | {"code": code})
    assert ann.page("/declare")


@pytest.mark.parametrize("next_", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "/\t/elsewhere.example", "", "%2f%2felsewhere.example", "/%0d%0aset-cookie:x=y", "/x\r\nset-cookie: x=y"])  # fmt: skip
def test_after_signing_in_one_is_led_to_a_page_of_this_house(team: Team, next_: str) -> None:
    add_account(team.desk, "ann@example.org", PASSWORD, ("responder",), must_change_password=False)
    ann = team.nobody()
    answer = ann.ask("POST", "/sign-in", data={"name": "ann@example.org", "password": PASSWORD, "next": next_})
    where = answer.headers["location"]
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))
    assert cookies(answer).keys() == {COOKIE}
    assert ann.get(f"/sign-in?next={quote(next_)}").headers["location"].startswith("/")
    back = ann.ask("POST", "/language", data={"language": "fr", "back": next_})
    assert back.headers["location"] == where


def test_one_is_led_to_where_one_was_going(team: Team, full: str) -> None:
    an_account(team.desk, "ann@example.org")
    ann = team.nobody()
    asked = ann.get(f"/incidents/{full}/people?only=pending&from=2").headers["location"]
    answer = signs_in(ann, ann.page(asked), "ann@example.org")
    assert answer.headers["location"] == f"/incidents/{full}/people?only=pending&from=2"
