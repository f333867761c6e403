"""Every form of the table: its page, what it says when nothing, something strange or something wrong was typed."""

import pytest

from actions.desk import Desk
from tests.web.browser import Browser, Team, refusals
from tests.web.page import Page
from tests.web.record import written
from web.forms import Field, Form
from web.table import FORMS

ASKING = [form for form in FORMS if form.fields]
MOMENTS = [(form, one) for form in FORMS for one in form.fields if one.kind == "moment"]


@pytest.fixture
def everyone(team: Team) -> Browser:
    """Someone who may do anything that can be done to an incident."""
    return team.member("all@example.org", "manager", "responder", "approver", "auditor")


def path(form: Form, reference: str) -> str:
    return f"/incidents/{reference}/do/{form.key}"


def names(form: Form, *, required: bool) -> set[str]:
    return {one.name for one in form.fields if one.required is required and one.kind != "tick"}


def test_each_form_asks_what_it_says_it_asks(everyone: Browser, full: str) -> None:
    for form in FORMS:
        page = everyone.page(path(form, full))
        asked = page.form(f"/do/{form.key}")
        shown = {one.told["name"] for one in page.elements if one.told.get("name")}
        assert {one.name for one in form.fields} <= shown, form.key
        assert asked.required == {one.name for one in form.fields if one.required and one.kind != "many"}, form.key
        assert form.title in page.words, form.key
        assert form.says in page.words, form.key


def test_a_form_sent_empty_names_each_field_that_it_needs_and_does_nothing(
    everyone: Browser, full: str, desk: Desk
) -> None:
    before = written(desk)
    for form in ASKING:
        answer = everyone.post(path(form, full))
        page = Page(answer.text)
        if names(form, required=True):
            assert answer.status_code == 422, form.key
            assert set(page.wrong) == names(form, required=True), form.key
            assert all(page.wrong.values()), form.key
    assert written(desk) == before


def test_what_was_typed_is_still_there_after_a_refusal(everyone: Browser, full: str, desk: Desk) -> None:
    before = written(desk)
    for form in ASKING:
        typed = {one.name: kept(one) for one in form.fields if one.kind in ("line", "text", "number", "moment")}
        answer = everyone.post(path(form, full), typed | {"dragon": "here"})
        assert answer.status_code == 422, form.key
        fields = Page(answer.text).form(f"/do/{form.key}").fields
        assert {name: fields[name] for name in typed} == typed, form.key
        assert "dragon" in refusals(answer), form.key
    assert written(desk) == before


def kept(one: Field) -> str:
    """Something that is hard to keep as it was."""
    return "2026-11-20T10:00" if one.kind == "moment" else "</textarea>\"'<b>{{ 7*7 }}"


def test_a_choice_that_was_not_offered_is_refused(everyone: Browser, full: str) -> None:
    tried = 0
    for form in ASKING:
        for one in form.fields:
            if one.kind in ("choice", "many"):
                tried += 1
                answer = everyone.post(path(form, full), {one.name: "dragon"})
                assert answer.status_code == 422, (form.key, one.name)
                assert "offered" in Page(answer.text).wrong[one.name], (form.key, one.name)
    assert tried > 8


@pytest.mark.parametrize(
    ("typed", "zone", "says"),
    [
        ("yesterday", "UTC", "not a time"),
        ("2026-13-45T99:99", "UTC", "not a time"),
        ("2026-03-29T01:30", "Europe/London", "clocks of Europe/London changed"),
        ("2026-10-25T01:30", "Europe/London", "clocks of Europe/London changed"),
        ("2026-11-20T10:00", "Mars/Olympus", "time zone beside it is not known"),
        ("2026-11-20T10:00", "../../etc/passwd", "time zone beside it is not known"),
        ("0001-01-01T00:00", "Asia/Tokyo", "too far"),
        ("9999-12-31T23:59", "America/New_York", "too far"),
        ("0001-01-01T00:00+14:00", "UTC", "too far"),
        ("9999-12-31T23:59-14:00", "UTC", "too far"),
    ],
)
def test_a_time_that_is_none_or_not_sure_is_refused_in_every_form(
    everyone: Browser, full: str, typed: str, zone: str, says: str
) -> None:
    assert MOMENTS
    for form, one in MOMENTS:
        answer = everyone.post(path(form, full), {one.name: typed, f"{one.name}_zone": zone})
        assert answer.status_code == 422, form.key
        page = Page(answer.text)
        assert says in page.wrong[one.name], form.key
        assert page.form(f"/do/{form.key}").fields[one.name] == typed, form.key


def test_a_local_time_is_taken_in_the_zone_beside_it(everyone: Browser, full: str) -> None:
    everyone.do(
        full,
        "record-fact",
        other="people.FR",
        value="2",
        source="x",
        known_at="2026-11-20T23:30",
        known_at_zone="Asia/Tokyo",
    )
    assert "Fri 20 Nov 2026, 14:30 London" in everyone.page(f"/incidents/{full}/facts").words


def test_a_link_fills_in_what_the_form_knows_and_nothing_else(everyone: Browser, full: str) -> None:
    page = everyone.page(f"/incidents/{full}/do/task-done?number=3&outcome=Done&csrf=x&action=x&once=y")
    assert page.form("/do/task-done").fields == {
        "csrf": everyone.csrf,
        "number": "3",
        "outcome": "Done",
        "at": "",
        "at_zone": "",
    }
