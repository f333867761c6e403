"""The shelf: what a law file may not say, what must fit together, and what the hash stands for."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from rulebook import calendars, library
from rulebook.facts import assemble
from rulebook.law import BadLaw
from rulebook.obligations import answers
from rulebook.places import groups
from tests.rulebook.shelves import AUTHORITIES, LAW, shelf


@pytest.mark.parametrize(
    ("written", "instead", "key", "says"),
    [
        ("clock: determined", "clok: determined", "duties.xx-people.clok", "Did you mean 'clock'?"),
        ("role: controller", "role: controler", "when.role.0", "Did you mean 'controller'?"),
        ("role: controller", "roles: controller", "when.roles", "Did you mean 'role'?"),
        ("tell: individuals", "tell: people", "duties.xx-people.tell", "not a code"),
        ("calendar_days_exclude_start", "calendar_days", "duties.xx-people.limits.0.counting", "Did you mean"),
        ("within: 60 days", "within: 60", "duties.xx-people.limits.0.within", "period"),
        ("within: 60 days", "within: two months", "duties.xx-people.limits.0.within", "period"),
        ("within: 60 days", "within: 60 hours", "duties.xx-people.limits.0", "does not count hours"),
        ("from: 2018-01-01, from_is", "from_is", "duties.xx-people.limits.0", "`from` is required"),
        ("from: 2018-01-01", "from: 1 January 2018", "duties.xx-people.limits.0.from", "write a day"),
        ("cite: Act s.2, ", "", "duties.xx-people.limits.0.cite", "required"),
        ('href: "https://example.org/act/2", ', "", "duties.xx-people.limits.0.href", "required"),
        ("https://example.org/act/2", "example.org", "duties.xx-people.limits.0.href", "match"),
        (", status: known}", "}", "duties.xx-people.limits.0.status", "required"),
        ("status: known", "status: sure", "duties.xx-people.limits.0.status", "not a code"),
        (
            "within: 60 days, counting: calendar_days_exclude_start, cite",
            "cite",
            "duties.xx-people.limits.0",
            "say when",
        ),
        ("counting: calendar_days_exclude_start, ", "", "duties.xx-people.limits.0", "`counting` is required"),
        (", until: 2023-08-31", "", "duties.xx-ag", "two limits are in force"),
        ("until: 2023-08-31", "until: 2023-09-01", "duties.xx-ag", "two limits are in force"),
        ("until: 2023-08-31", "until: 2017-08-31", "duties.xx-ag.limits.0", "before `from`"),
        ('says: "a bill, not passed", ', "", "duties.xx-bill.limits.0", "`says` is required"),
        ("at_least: 250", "at_leest: 250", "duties.xx-ag.when.people.at_leest", "Did you mean 'at_least'?"),
        (", at_least: 250", "", "duties.xx-ag.when.people", "say at_least"),
        ("in: US-TX, at_least", "in: US-TZ, at_least", "duties.xx-ag.when.people.in.0", "not a subdivision"),
        ("to: xx/ag", "to: xx/aj", "duties.xx-ag.to", "Did you mean 'xx/ag'?"),
        ("with: xx-people", "with: xx-peple", "duties.xx-ag", "Did you mean 'xx-people'?"),
        ("clock: aware", "clock: {filed: xx-peple}", "duties.xx-bill", "Did you mean 'xx-people'?"),
        ("clock: aware", "clock: {filed: xx-ag, deadline_of: xx-ag}", "duties.xx-bill.clock", "name one start"),
        ("clock: aware", "clock: awear", "duties.xx-bill.clock.event", "Did you mean 'aware'?"),
        ("clock: aware", "clock: {filed: xx-bill}", "duties.xx-bill", "wait for each other"),
        ("xx-bill:", "xx-ag:", "", "written twice"),
        ("law: xx-act", "law: XX Act", "law", "match"),
        ("checked_on: 2026-11-21\n", "", "checked_on", "required"),
        ("America/Chicago", "America/Chicargo", "time_zone", "Did you mean 'America/Chicago'?"),
        ("title: Tell the people", "title: [", "", "not YAML"),
    ],
)
def test_a_law_that_is_not_whole_is_refused_with_file_key_and_line(
    tmp_path: Path, written: str, instead: str, key: str, says: str
) -> None:
    assert written in LAW
    text = LAW.replace(written, instead, 1)
    with pytest.raises(BadLaw) as refusal:
        library.read(shelf(tmp_path, text))
    assert (refusal.value.path, refusal.value.key) == ("laws/xx/act.yaml", key)
    assert says in refusal.value.says


@pytest.mark.parametrize(
    ("written", "instead", "key", "line"),
    [
        ("clock: determined", "clok: determined", "duties.xx-people.clok", 14),
        ("status: known", "status: sure", "duties.xx-people.limits.0.status", 16),
        ("with: xx-people", "with: xx-nobody", "duties.xx-ag", 17),
    ],
)
def test_the_line_is_the_line_of_the_key(tmp_path: Path, written: str, instead: str, key: str, line: int) -> None:
    with pytest.raises(BadLaw) as refusal:
        library.read(shelf(tmp_path, LAW.replace(written, instead, 1)))
    assert (refusal.value.key, refusal.value.line) == (key, line)


def test_an_authority_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadLaw, match=r"authorities/xx.yaml, line 4, ag.time_zone"):
        library.read(shelf(tmp_path, authorities=AUTHORITIES.replace("Chicago", "Chicargo")))


def test_authorities_of_one_room_may_stand_in_several_files_but_each_in_one(tmp_path: Path) -> None:
    (shelf(tmp_path) / "authorities/xx").mkdir()
    more = tmp_path / "authorities/xx/more.yaml"
    more.write_text(AUTHORITIES.replace("ag:", "dos:"), encoding="utf-8")
    assert set(library.read(tmp_path).authorities) == {"xx/ag", "xx/dos"}
    more.write_text(AUTHORITIES, encoding="utf-8")
    with pytest.raises(BadLaw, match=r"xx/ag is in another file too"):
        library.read(tmp_path)


def test_a_law_or_duty_stands_in_the_book_once(tmp_path: Path) -> None:
    shelf(tmp_path)
    again = tmp_path / "laws/xx/again.yaml"
    again.write_text(LAW, encoding="utf-8")
    with pytest.raises(BadLaw, match="is also in laws/xx/act"):
        library.read(tmp_path)
    again.write_text(LAW.replace("law: xx-act", "law: xx-other"), encoding="utf-8")
    with pytest.raises(BadLaw, match="duty is also in laws/xx/act"):
        library.read(tmp_path)


def test_the_hash_changes_with_any_byte_of_any_file(tmp_path: Path) -> None:
    before = library.read(shelf(tmp_path)).hash
    assert library.read(shelf(tmp_path)).hash == before
    assert library.read(shelf(tmp_path, LAW + "# a word\n")).hash != before
    assert library.read(shelf(tmp_path, authorities=AUTHORITIES + "# a word\n")).hash != before
    shelf(tmp_path)
    (tmp_path / "laws/xx/act.yaml").rename(tmp_path / "laws/xx/other.yaml")
    assert library.read(tmp_path).hash != before


@pytest.mark.parametrize(
    ("people", "determined", "ag", "due"),
    [
        (249, "2026-11-24T12:00-06:00", "does_not_apply", None),
        (250, "2026-11-24T12:00-06:00", "applies", "2026-12-24T23:59:59-06:00"),
        (251, "2026-11-24T12:00-06:00", "applies", "2026-12-24T23:59:59-06:00"),
        (250, "2023-08-31T23:59-05:00", "applies", "2023-10-30T23:59:59-05:00"),
        (250, "2023-09-01T00:00-05:00", "applies", "2023-10-01T23:59:59-05:00"),
        (250, "2017-12-31T12:00-06:00", "unknown", "2018-03-01T23:59:59-06:00"),
    ],
)
def test_a_threshold_an_amendment_and_the_start_of_the_book(
    tmp_path: Path, people: int, determined: str, ag: str, due: str | None
) -> None:
    told = {"organisation.roles": ["controller"], "medium": ["electronic"], "people.US-TX": people}
    found = {
        a.duty: a for a in answers(assemble(told | {"events.determined": determined}), library.read(shelf(tmp_path)))
    }
    assert (found["xx-ag"].answer, found["xx-ag"].due_at) == (ag, due and datetime.fromisoformat(due))
    assert found["xx-bill"].because == "not in force: a bill, not passed"


def test_a_law_older_than_the_book_is_unknown_before_it_and_still_binds_only_whom_it_binds(tmp_path: Path) -> None:
    told = {
        "organisation.roles": ["controller"],
        "medium": ["electronic"],
        "events.determined": "2017-06-01T12:00-05:00",
    }
    book = library.read(shelf(tmp_path))
    found = {a.duty: a for a in answers(assemble(told), book)}
    assert (found["xx-people"].answer, found["xx-people"].because) == (
        "unknown",
        "this book tells the law from 1 January 2018 only",
    )
    found = {a.duty: a for a in answers(assemble(told | {"medium": ["paper"]}), book)}
    assert found["xx-people"].answer == "does_not_apply"


def test_a_clock_may_start_when_the_time_of_another_duty_runs_out(tmp_path: Path) -> None:
    told = {"organisation.roles": ["controller"], "medium": ["electronic"], "people.US-TX": 300}
    told |= {"events.determined": "2026-11-24T12:00-06:00"}
    found = {a.duty: a for a in answers(assemble(told), library.read(shelf(tmp_path)))}
    assert found["xx-people"].due_at == datetime.fromisoformat("2027-01-23T23:59:59-06:00")
    assert found["xx-proof"].due_at == datetime.fromisoformat("2027-01-26T23:59:59-06:00")


def test_a_notice_that_goes_with_another_is_due_with_it_where_that_comes_first(tmp_path: Path) -> None:
    told = {"organisation.roles": ["controller"], "medium": ["electronic"], "people.US-TX": 300}
    told |= {"events.determined": "2026-11-24T12:00-06:00", "filings.xx-people": "2026-12-01T09:00-06:00"}
    found = {a.duty: a for a in answers(assemble(told), library.read(shelf(tmp_path)))}
    assert found["xx-ag"].due_at == datetime.fromisoformat("2026-12-01T09:00-06:00")


def test_the_book_that_is_shipped_says_which_it_is() -> None:
    book = library.book()
    assert book.version and len(book.hash) == 64
    assert {"uk-gdpr", "uk-dpa2018-part3", "uk-pecr-5a", "eu-gdpr"} <= set(book.laws)
    assert {"uk/ico", "eu/fr", "eu/no"} <= set(book.authorities)


def test_every_calendar_of_the_book_knows_its_holidays() -> None:
    book = library.book()
    versions = [version for _, _, duty in book.duties() for version in duty.limits]
    named = {version.calendar for version in versions if version.calendar} - {"authority"}
    of_authorities = {authority.country for authority in book.authorities.values()} - groups().keys()
    assert named | of_authorities
    of_2026 = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    # Monday to Thursday, on which no country has its weekend.
    no_weekend = [day for day in of_2026 if day.weekday() < 4]
    for calendar in named | of_authorities:
        assert not all(calendars.is_worked(day, calendar) for day in no_weekend), calendar


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        (
            "within: 60 days, counting: calendar_days_exclude_start",
            "within: 60 days, counting: eu_1182_days",
            "whose holidays",
        ),
        ("within: 60 days,", "within: 60 days, calendar: UX,", "not an ISO 3166"),
    ],
)
def test_a_way_of_counting_that_needs_holidays_is_refused_without_a_calendar_that_is_one(
    tmp_path: Path, written: str, instead: str, says: str
) -> None:
    assert written in LAW
    with pytest.raises(BadLaw, match=says):
        library.read(shelf(tmp_path, LAW.replace(written, instead, 1)))


def test_an_authority_that_sits_in_no_one_place_leaves_the_clock_to_the_law(tmp_path: Path) -> None:
    book = library.read(shelf(tmp_path, authorities=AUTHORITIES.replace("  time_zone: America/Chicago\n", "")))
    told = {
        "organisation": {"roles": ["controller"], "time_zone": "Asia/Tokyo"},
        "medium": ["electronic"],
        "people": {"US-TX": 500},
        "events": {"determined": "2026-11-21T23:30-06:00"},
    }
    (answer,) = (each for each in answers(assemble(told), book) if each.duty == "xx-ag")
    assert (answer.time_zone, answer.due_on) == ("America/Chicago", date(2026, 12, 21))
