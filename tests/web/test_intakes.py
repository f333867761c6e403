"""Any employee says what happened in a short form; the managers settle it; nobody learns what they may not know."""

import re
from datetime import datetime

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from pydantic import SecretStr

from actions.declare import Declaration
from actions.desk import find
from actions.dismiss import dismiss
from actions.join import join
from actions.promote import promote
from actions.read_intake import open_intake
from actions.restrict import restrict
from actions.throttle import FREE_BY_ADDRESS
from db.models import JournalEntry
from db.queries.facts import as_known
from db.queries.journal import entries
from settings.model import Settings
from tests.builders import an_incident
from tests.conftest import Time
from tests.intakes import LOST, NOTICED, kept, told
from tests.web.browser import Browser, Team, refusals
from tests.web.page import Page
from web.app import application

KEY = "an-invented-key_0123"
REF = "IN-2026-0001"
ODD = "<script>alert(1)</script> \"'>{{ 7 * 7 }} ꙮ"


@pytest.fixture
def house(house: Settings) -> Settings:
    """A house with a link for those without an account."""
    return house.model_copy(update={"intake_key": SecretStr(KEY)})


def said(browser: Browser, path: str = "/tell", **typed: str) -> Page:
    answer = browser.post(path, {"what": LOST, "noticed": "2026-11-20T08:30", "noticed_zone": "UTC", **typed})
    assert answer.status_code == 200, (answer.status_code, refusals(answer))
    return Page(answer.text)


def code_on(page: Page) -> str:
    [found] = re.findall(r"\b[A-Z2-7]{5}(?:-[A-Z2-7]{5}){3}\b", page.words)
    return str(found)


@pytest.mark.parametrize("role", ["reporter", "responder", "manager", "approver", "auditor", "administrator"])
def test_anyone_who_is_signed_in_can_say_it_and_sees_what_became_of_it(team: Team, time: Time, role: str) -> None:
    page = said(team[role], reach="020 7946 0123")
    assert REF in page.words
    with team.desk.reading() as session:
        opened = open_intake(team.desk, session, kept(team.desk))
    assert (opened.what, opened.reach) == (LOST, "020 7946 0123")
    assert f"{role}@example.org" in opened.teller
    assert "nobody has settled it yet" in team[role].page("/tell").words
    dismiss(team.desk, REF, "Found in the bag, said a secret witness")
    words = team[role].page("/tell").words
    assert "found no breach" in words and "secret witness" not in words
    assert REF not in team.member("else@example.org", "reporter").page("/tell").words


def test_a_reporter_sees_their_own_on_the_welcome_page(team: Team, time: Time) -> None:
    said(team["reporter"])
    page = team["reporter"].page("/")
    assert REF in page.words and "/tell" in page.links


def test_whoever_leaves_the_name_out_is_written_down_nowhere(team: Team, time: Time) -> None:
    page = said(team["reporter"], anonymous="yes")
    held = kept(team.desk)
    assert (held.teller_id, held.teller) == (None, None)
    with team.desk.reading() as session:
        written = [str(body) for _, _, _, body in entries(session, "house") if body["subject"] == REF]
    assert written and not [body for body in written if "reporter" in body]
    assert REF not in team["reporter"].page("/tell").words
    typed = {"reference": REF, "code": code_on(page)}
    assert "nobody has settled it yet" in Page(team.nobody().post("/told", typed).text).words


def test_by_the_link_nobody_needs_an_account_or_a_cookie(team: Team, time: Time) -> None:
    stranger = team.nobody()
    form = stranger.page(f"/tell/{KEY}").form(f"/tell/{KEY}")
    assert form.required == {"what"}
    page = said(stranger, f"/tell/{KEY}", once=form.fields["once"], name="Noname Sample")
    assert not stranger.client.cookies
    with team.desk.reading() as session:
        assert open_intake(team.desk, session, kept(team.desk)).teller == "Noname Sample"
    answer = stranger.post("/told", {"reference": REF, "code": code_on(page)})
    assert "nobody has settled it yet" in Page(answer.text).words
    promote(team.desk, REF, Declaration("A stick was lost", {}))
    words = Page(stranger.post("/told", {"reference": REF, "code": code_on(page)}).text).words
    assert "taken up" in words and "FW-" not in words and "stick" not in words


def test_by_the_link_an_account_in_the_same_browser_is_left_out(team: Team, time: Time) -> None:
    said(team["reporter"], f"/tell/{KEY}")
    assert kept(team.desk).teller_id is None
    with team.desk.reading() as session:
        assert "reporter" not in str([body for _, _, _, body in entries(session, "house") if body["subject"] == REF])


@pytest.mark.parametrize("wrong", ["x", KEY[:-1], KEY + "x", KEY.upper(), "%C3%A9" * 20, "%00"])
def test_a_wrong_link_is_no_page_like_any_other(team: Team, time: Time, wrong: str) -> None:
    stranger = team.nobody()
    nowhere = stranger.get("/nowhere/at-all")
    for answer in (stranger.get(f"/tell/{wrong}"), stranger.post(f"/tell/{wrong}", {"what": LOST})):
        assert answer.status_code == 404
        assert Page(answer.text).refusal == Page(nowhere.text).refusal
    assert stranger.post("/told", {"reference": REF, "code": "A" * 20}).status_code == 403


def test_without_the_setting_there_is_no_link_at_all(settings: Settings, team: Team) -> None:
    bare = application(settings)
    browser = Browser(bare, team.loop)
    answers = [browser.get(f"/tell/{one}") for one in (KEY, "%20")] + [browser.get("/tell/")]
    assert [answer.status_code for answer in answers] in ([404, 404, 404], [404, 404, 307])
    bare.state.house.database.close()


@pytest.mark.parametrize("key", ["short", "x" * 129, "has spaces in it, sadly", "../../../../etc/passwd"])
def test_a_key_that_is_easily_guessed_or_breaks_a_link_is_no_setting(settings: Settings, key: str) -> None:
    with pytest.raises(ValueError, match="16 to 128"):
        Settings(home=settings.home, intake_key=SecretStr(key))


def test_another_site_can_make_nobody_say_anything(team: Team, time: Time) -> None:
    stranger = team.nobody()
    for path in (f"/tell/{KEY}", "/told"):
        answer = stranger.post(path, {"what": LOST}, **{"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
        assert stranger.post(path, {"what": LOST}, origin="https://evil.example").status_code == 403
    assert REF not in team["manager"].page("/intakes").words


def test_a_form_without_words_or_with_a_wrong_time_says_so_and_keeps_what_was_typed(team: Team, time: Time) -> None:
    for browser, path in ((team["reporter"], "/tell"), (team.nobody(), f"/tell/{KEY}")):
        empty = browser.post(path, {"what": " ", "reach": "desk 4"})
        assert (empty.status_code, Page(empty.text).wrong) == (422, {"what": "Fill this in."})
        assert Page(empty.text).form(path).fields["reach"] == "desk 4"
        late = browser.post(path, {"what": LOST, "noticed": "2026-11-21T08:30", "noticed_zone": "UTC"})
        assert late.status_code == 409 and "future" in refusals(late)
        assert Page(late.text).form(path).fields["what"] == LOST
        more = browser.post(path, {"what": LOST, "teller_id": "1"})
        assert more.status_code == 422


def test_sent_twice_by_a_quick_finger_it_is_there_once(team: Team, time: Time) -> None:
    first, second = (code_on(said(team.nobody(), f"/tell/{KEY}", once="one-form")) for _ in range(2))
    assert first == second
    assert len(re.findall("IN-2026-", team["manager"].page("/intakes").words)) == 1


def test_too_much_from_one_address_waits_and_loses_nothing(team: Team, time: Time) -> None:
    for number in range(FREE_BY_ADDRESS):
        told(team.desk, f"Thing {number}")
    answer = team.nobody().post(f"/tell/{KEY}", {"what": LOST})
    assert (answer.status_code, Page(answer.text).form(f"/tell/{KEY}").fields["what"]) == (429, LOST)


def test_managers_see_on_the_front_page_how_many_wait_and_how_long(team: Team, time: Time) -> None:
    assert "reports from employees" not in team["manager"].page("/").words
    told(team.desk)
    time.move(hours=3)
    told(team.desk, "Another thing")
    words = team.member("second@example.org", "manager").page("/").words
    assert "2 new reports from employees, the oldest 3 h 0 min ago" in words
    assert "beyond its target" not in words
    assert "from employees" not in team["responder"].page("/").words
    time.move(days=9)
    words = team.member("third@example.org", "manager").page("/").words
    assert "the oldest 9 d 3 h ago beyond its target" in words


def test_a_manager_reads_it_whole_and_sees_how_long_it_lay(team: Team, time: Time) -> None:
    told(team.desk, teller="Noname Sample", reach="desk 4")
    time.move(days=10)
    manager = team["manager"]
    page = manager.page(f"/intakes/{REF}")
    assert LOST in page.words and "Noname Sample" in page.words and "desk 4" in page.words
    assert "beyond its target" in page.words


def test_who_read_it_is_in_the_journal_of_the_house(team: Team, time: Time) -> None:
    told(team.desk)
    team["manager"].page(f"/intakes/{REF}")
    with team.desk.reading() as session:
        bodies = [str(one) for one in session.scalars(sa.select(JournalEntry.body))]
    assert any('"act":"read_intake"' in one and '"subject":"IN-2026-0001"' in one for one in bodies)


def test_a_manager_promotes_it_in_words_of_their_own(team: Team, time: Time) -> None:
    told(team.desk)
    time.move(days=10)
    manager = team["manager"]
    asking = manager.page(f"/intakes/{REF}/promote")
    form = asking.form("/promote")
    assert LOST in asking.words and form.fields["story"] == ""
    wrong = manager.post(f"/intakes/{REF}/promote", {"title": "", "story": "A stick was lost."})
    assert wrong.status_code == 422 and Page(wrong.text).form("/promote").fields["story"] == "A stick was lost."
    typed = {"title": "A stick was lost", "story": "A stick was lost.", "people": "GB=3"}
    answer = manager.post(f"/intakes/{REF}/promote", typed)
    assert answer.headers["location"] == "/incidents/FW-2026-0001"
    words = manager.page("/incidents/FW-2026-0001").words
    assert "finder to manager: 10 d" in words and "Zyxwvut" not in words
    assert f"{REF} : said by an employee" in words and "waited for 10 d promoted" in words
    with team.desk.reading() as session:
        known = as_known(session, find(session, "FW-2026-0001").id)
    assert {datetime.fromisoformat(known[name]) for name in ("events.detected", "events.aware")} == {NOTICED}
    assert kept(team.desk).state == "promoted"
    again = manager.post(f"/intakes/{REF}/promote", typed)
    assert again.status_code == 409 and "settled already" in refusals(again)


def test_a_manager_joins_it_dismisses_it_and_looks_again(team: Team, time: Time) -> None:
    manager = team["manager"]
    told(team.desk)
    no_reasons = manager.post(f"/intakes/{REF}/dismiss", {"reasons": " "})
    assert no_reasons.status_code == 409 and "why" in refusals(no_reasons)
    assert manager.post(f"/intakes/{REF}/dismiss", {"reasons": "It was found"}).status_code == 303
    assert REF not in manager.page("/intakes").words.replace(f"{REF} is dismissed", "")
    assert "It was found" in manager.page("/intakes?all=yes").words
    assert manager.post(f"/intakes/{REF}/look-again", {"reasons": "It was open"}).status_code == 303
    nowhere = manager.post(f"/intakes/{REF}/join", {"incident": "FW-2026-0009"})
    assert nowhere.status_code == 409 and "no incident FW-2026-0009" in refusals(nowhere)
    made = an_incident(team.desk)
    answer = manager.post(f"/intakes/{REF}/join", {"incident": made.reference.lower()})
    assert answer.headers["location"] == f"/incidents/{made.reference}"
    assert kept(team.desk).incident_id == made.id


def test_what_belongs_to_a_restricted_incident_is_not_there_for_others(team: Team, time: Time) -> None:
    stranger, member = team.member("stranger@example.org", "manager", "auditor"), team["manager"]
    made = an_incident(team.desk, LOST)
    told(team.desk)
    told(team.desk, f"{LOST} And again.")
    join(team.desk, REF, made.id)
    restrict(team.desk, made.id, ["manager@example.org"], "Someone of us is concerned")
    assert stranger.get(f"/intakes/{REF}").status_code == stranger.get("/intakes/IN-2026-0099").status_code == 404
    pages = ("/intakes", "/intakes?all=yes", "/intakes/IN-2026-0002", "/intakes/IN-2026-0002/promote")
    for path in (*pages, "/alike?title=stick+interview+recordings+tram"):
        words = stranger.page(path).source
        assert REF not in words and made.reference not in words, path
    assert made.reference in member.page("/intakes/IN-2026-0002").words
    for way in ("promote", "join", "dismiss", "look-again"):
        typed = {"reasons": "x", "title": "x", "incident": made.reference}
        assert stranger.post(f"/intakes/{REF}/{way}", typed).status_code == 404
    hidden = stranger.post("/intakes/IN-2026-0002/join", {"incident": made.reference})
    nothing = stranger.post("/intakes/IN-2026-0002/join", {"incident": "FW-2026-0099"})
    assert hidden.status_code == nothing.status_code == 409
    assert refusals(hidden).replace(made.reference, "") == refusals(nothing).replace("FW-2026-0099", "")


def test_declaring_says_what_looks_alike_and_keeps_silent_about_what_is_hidden(team: Team, time: Time) -> None:
    made = an_incident(team.desk, "Stick with interview recordings left on the tram")
    typed = {"title": "Interview recordings on a stick lost in the tram", "detected": "2026-11-20T08:30"}
    assert made.reference in team["manager"].page("/alike?title=interview+recordings+stick+tram").words
    open_one = team["manager"].post("/declare", typed | {"detected_zone": "UTC"})
    assert f"It looks like {made.reference}" in team["manager"].page(open_one.headers["location"]).words
    for reference in (made.reference, "FW-2026-0002"):
        restrict(team.desk, reference, ["manager@example.org"], "Someone of us is concerned")
    stranger = team.member("stranger@example.org", "manager")
    assert stranger.page("/alike?title=interview+recordings+stick+tram").words == ""
    hidden = stranger.post("/declare", typed | {"detected_zone": "UTC"})
    assert "It looks like" not in stranger.page(hidden.headers["location"]).words


def test_hostile_words_stay_words_on_every_page(team: Team, time: Time) -> None:
    said(team.nobody(), f"/tell/{KEY}", what=f"{ODD} stick tram", name=ODD, reach=ODD)
    told(team.desk, "stick tram")
    manager = team["manager"]
    for path in (f"/intakes/{REF}", f"/intakes/{REF}/promote", "/intakes/IN-2026-0002", "/intakes"):
        page = manager.page(path)
        assert "alert(1)" not in "".join(one.told.get("src", "") for one in page.elements)
        assert "<script>alert" not in page.source and "49" not in page.words.split()
    dismissed = manager.post(f"/intakes/{REF}/dismiss", {"reasons": ODD})
    assert dismissed.status_code == 303
    assert "<script>alert" not in manager.page("/intakes?all=yes").source


@pytest.mark.parametrize(
    "path", ["/intakes/%00", "/intakes/IN-2026-0001%00", "/intakes/%ED%A0%80", "/intakes/..%2f..", "/alike?title=%00"]
)
def test_odd_paths_are_nothing(team: Team, time: Time, path: str) -> None:
    told(team.desk)
    answer: httpx.Response = team["manager"].get(path)
    assert answer.status_code in ((200,) if path.startswith("/alike") else (404,))


def test_the_application_with_a_key_is_the_one_that_was_asked(app: FastAPI, house: Settings) -> None:
    assert app.state.house.settings.intake_key.get_secret_value() == KEY
    assert KEY not in repr(house)
