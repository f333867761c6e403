"""A whole incident by HTTP alone, each refusal along the way tried once: shown as its own sentence, and nothing is written."""

import csv
import io
import zipfile
from collections.abc import Iterable

import pytest

from actions.desk import Desk
from actions.record_facts import Known, record_facts
from tests.ledger import OWN_STORY, STORY, WRITER
from tests.web.browser import Browser, Team, refusals
from tests.web.page import Page
from tests.web.record import written

REF = "FW-2026-0001"
PDF = ("acknowledgement.pdf", b"%PDF-1.7\nreceived", "application/pdf")


class Refuses:
    """Refusals that write nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __call__(self, who: Browser, key: str, says: str, **typed: object) -> None:
        before = written(self._desk)
        who.refused(REF, key, says, **typed)
        assert written(self._desk) == before


@pytest.fixture
def refuses(desk: Desk) -> Refuses:
    return Refuses(desk)


@pytest.fixture
def manager(team: Team) -> Browser:
    return team["manager"]


@pytest.fixture
def officer(team: Team) -> Browser:  # type: ignore[override]
    return team.member("officer@example.org", "responder", "approver")


@pytest.fixture
def declared(manager: Browser) -> str:
    """Declared by the form alone, an hour ago."""
    form = manager.page("/declare").form("/declare")
    answer = manager.post("/declare", form.fields | DECLARATION)
    assert answer.status_code == 303, refusals(answer)
    assert answer.headers["location"] == f"/incidents/{REF}"
    return REF


DECLARATION = {
    "title": "Customer list lost",
    "detected": "2026-11-20T10:00",
    "detected_zone": "UTC",
    "kinds": ["customer"],
    "data": ["name", "postal_address"],
    "people": "GB=3",
    "encrypted": "false",
}


def people(*rows: Iterable[str]) -> tuple[str, bytes, str]:
    """A list with these rows."""
    page = io.StringIO()
    csv.writer(page).writerows([("kind", "name", "email", "phone"), *rows])
    return "people.csv", page.getvalue().encode(), "text/csv"


@pytest.fixture
def owed(declared: str, manager: Browser, desk: Desk) -> str:
    """Of high risk, the story told by someone else, two people on the ledger, everything drafted."""
    manager.do(declared, "decide-risk", risk="high", reasons="Addresses of people in hiding.")
    told = [Known(name, value, "test") for name, value in (STORY | OWN_STORY).items()]
    record_facts(desk.acting_as(WRITER), declared, told)
    rows = people(("customer", "Sam Sample", "sam@example.org", ""), ("victim", "Kim Sample", "", "020 7946 0001"))
    manager.do(declared, "import-people", files={"list": rows})
    manager.do(declared, "draft")
    return declared


def number_of(page: Page, part: str, words: str) -> str:
    """The number of a report or wave on the incident's page, by what its link says."""
    start = f"/incidents/{REF}/{part}/"
    [found] = {link.removeprefix(start) for link, told in page.anchors if link.startswith(start) and words in told}
    return found


def test_a_declaration_wants_two_things_and_says_which(manager: Browser, team: Team, desk: Desk) -> None:
    before = written(desk)
    answer = manager.post("/declare", {"people": "three", "title": "  "})
    assert answer.status_code == 422
    assert set(Page(answer.text).wrong) == {"title", "detected"}
    answer = manager.post("/declare", DECLARATION | {"people": "Atlantis=3"})
    assert set(Page(answer.text).wrong) == {"people"}
    assert Page(answer.text).form("/declare").fields["title"] == "Customer list lost"
    answer = manager.post("/declare", DECLARATION | {"detected": "2099-01-01T10:00"})
    assert (answer.status_code, "future" in refusals(answer)) == (409, True)
    assert written(desk) == before


def test_the_officer_acknowledges_and_nobody_else(
    declared: str, manager: Browser, officer: Browser, refuses: Refuses
) -> None:
    refuses(manager, "take", "only they", hop="manager_to_dpo")
    assert "You have it" in officer.do(declared, "take", hop="manager_to_dpo")
    refuses(officer, "take", "already", hop="manager_to_dpo")


def test_a_grave_decision_waits_for_a_second_person(
    declared: str, manager: Browser, officer: Browser, refuses: Refuses
) -> None:
    assert "must confirm it" in manager.do(declared, "decide-risk", risk="unlikely", reasons="The list was empty.")
    refuses(manager, "decide-risk", "still waits", risk="unlikely", reasons="Again.")
    refuses(manager, "second", "is yours", number="1", answer="agree")
    refuses(officer, "second", "no decision 9", number="9", answer="agree")
    assert "Waiting for you" in officer.page("/").words
    assert "stands" in officer.do(declared, "second", number="1", answer="agree")
    refuses(officer, "second", "not waiting", number="1", answer="agree")


def test_a_report_goes_from_draft_to_proof(owed: str, manager: Browser, officer: Browser, refuses: Refuses) -> None:
    number = number_of(manager.page(f"/incidents/{REF}"), "reports", "uk-gdpr-33-1")
    shown = officer.page(f"/incidents/{REF}/reports/{number}")
    text = shown.form("/do/approve-report").fields["text"]
    file = {"number": number, "channel": "portal", "authority_reference": "IC-1", "files": {"proof": PDF}}
    refuses(manager, "file-report", "must be approved", **file)
    refuses(officer, "approve-report", "has changed since", number=number, text="0" * 64)
    assert manager.post(f"/incidents/{REF}/do/approve-report", {"number": number, "text": text}).status_code == 403
    assert "is approved" in officer.do(REF, "approve-report", number=number, text=text)
    refuses(officer, "approve-report", "only a draft", number=number, text=text)
    refuses(manager, "file-report", "future", at="2099-01-01T10:00", at_zone="UTC", **file)
    empty = {"files": {"proof": ("empty.pdf", b" ", "application/pdf")}}
    refuses(manager, "file-report", "empty", **(file | empty))
    assert "is filed" in manager.do(REF, "file-report", late_reasons="Found late.", **file)
    refuses(manager, "file-report", "cannot be filed again", late_reasons="Found late.", **file)
    assert manager.get(f"/incidents/{REF}/reports/{number}/proof").content == PDF[1], "the proof comes back as it was"


def test_a_report_is_sent_once_and_filed_by_the_authoritys_answer(
    owed: str, manager: Browser, officer: Browser, refuses: Refuses
) -> None:
    number = number_of(manager.page(f"/incidents/{REF}"), "reports", "uk-gdpr-33-1")
    late = {"late_reasons": "Found late."}
    sending = {"number": number, "way": "email", **late}
    refuses(manager, "send-report", "must approve it", **sending)
    text = officer.page(f"/incidents/{REF}/reports/{number}").form("/do/approve-report").fields["text"]
    officer.do(REF, "approve-report", number=number, text=text)
    refuses(manager, "send-report", "needs reasons", to="desk@example.org", **sending)
    refuses(manager, "not-sent", "was not sent from here", number=number, because="It came back.")
    assert "was given to" in manager.do(REF, "send-report", **sending)
    refuses(manager, "send-report", "never sent twice", **sending)
    assert "exactly what was sent" in manager.page(f"/incidents/{REF}/reports/{number}").words
    assert b"casework@ico.org.uk" in manager.get(f"/incidents/{REF}/reports/{number}/sent").content
    answer = {"number": number, "authority_reference": "IC-1", "files": {"proof": PDF}}
    refuses(manager, "file-report", "not-sent", channel="portal", **answer, **late)
    assert "is filed" in manager.do(REF, "file-report", channel="email", **answer)


def test_a_report_is_copied_into_a_portal_or_read_out_by_someone_who_never_saw_it(
    owed: str, manager: Browser, officer: Browser, refuses: Refuses
) -> None:
    number = number_of(manager.page(f"/incidents/{REF}"), "reports", "uk-gdpr-33-1")
    sheet = manager.page(f"/incidents/{REF}/reports/{number}/copy").words
    assert "go on to the next part" in sheet and STORY["story.what_happened"] in sheet
    assert "BEFORE YOU HANG UP" in manager.get(f"/incidents/{REF}/reports/{number}/script").text
    text = officer.page(f"/incidents/{REF}/reports/{number}").form("/do/approve-report").fields["text"]
    officer.do(REF, "approve-report", number=number, text=text)
    call = {"number": number, "channel": "phone", "authority_reference": "IC-7", "late_reasons": "Found late."}
    refuses(manager, "file-report", "needs its record", **call)
    assert "is filed" in manager.do(REF, "file-report", spoken_to="Sam Sample", number_called="0303 123 1113", **call)


def test_a_wave_is_approved_by_another_launched_paused_and_stopped(
    owed: str, manager: Browser, officer: Browser, refuses: Refuses
) -> None:
    number = number_of(manager.page(f"/incidents/{REF}"), "waves", "Everyone else")
    refuses(manager, "launch", "is a draft", number=number)
    refuses(manager, "launch", "no wave 9", number="9")
    shown = officer.page(f"/incidents/{REF}/waves/{number}")
    assert STORY["story.what_happened"] in shown.words
    assert "is approved" in officer.do(
        REF, "approve-wave", number=number, text=shown.form("/do/approve-wave").fields["text"]
    )
    assert "is launched" in manager.do(REF, "launch", number=number)
    refuses(manager, "launch", "already", number=number)
    assert "is paused" in manager.do(REF, "pause-wave", number=number, reasons="A wrong number.")
    assert "goes on" in manager.do(REF, "resume-wave", number=number)
    assert "is stopped" in manager.do(REF, "stop-wave", number=number, reasons="A wrong number.")
    refuses(manager, "stop-wave", "stopped already", number=number, reasons="Again.")


def test_a_person_is_told_by_a_person_with_a_script(
    owed: str, manager: Browser, officer: Browser, refuses: Refuses
) -> None:
    number = number_of(manager.page(f"/incidents/{REF}"), "waves", "Victims")
    shown = officer.page(f"/incidents/{REF}/waves/{number}").form("/do/approve-wave")
    officer.do(REF, "approve-wave", number=number, text=shown.fields["text"])
    manager.do(REF, "launch", number=number)
    [script] = {one for one in manager.page(f"/incidents/{REF}").links if one.endswith("/script")}
    task = script.split("/")[-2]
    refuses(manager, "task-done", "task contact", number=task, outcome="told")
    assert "Kim Sample" in manager.page(script).words
    assert "it is open now" in manager.do(
        REF, "contact", number=task, outcome="no_answer", next_try="2099-11-21T10:00", next_try_zone="UTC"
    )
    assert "it is done now" in manager.do(
        REF, "contact", number=task, outcome="told", note="They thanked us.", witness="Officer Sample"
    )
    assert "They thanked us" not in manager.page(f"/incidents/{REF}/journal?all=yes").words


def test_people_are_entered_whole_or_not_at_all(declared: str, manager: Browser, desk: Desk) -> None:
    before = written(desk)
    wrong = people(("customer", "Sam Sample", "nobody", ""), ("dragon", "Sam Secret", "", ""))
    answer = manager.post(f"/incidents/{REF}/do/import-people", files={"list": wrong})
    assert answer.status_code == 422
    assert all(one in refusals(answer) for one in ("row 2, email", "row 3, kind"))
    assert "Secret" not in answer.text
    assert written(desk) == before
    right = people(("customer", "Sam Sample", "sam@example.org", ""))
    assert "People entered: 1. Rows: 1." in manager.do(REF, "import-people", files={"list": right})
    assert "On the ledger already: 1" in manager.do(REF, "import-people", files={"list": right})


def test_a_person_is_corrected_flagged_and_read_and_whoever_looks_is_on_record(
    owed: str, manager: Browser, refuses: Refuses
) -> None:
    refuses(manager, "correct-person", "email", number="1", column="email", value="nobody", reasons="x")
    refuses(manager, "correct-person", "no person 9", number="9", column="email", value="a@example.org", reasons="x")
    manager.do(REF, "correct-person", number="1", column="email", value="new@example.org", reasons="They rang.")
    manager.do(REF, "flag-person", number="1", flag="victim_of_abuse", reasons="The file says so.")
    manager.page(f"/incidents/{REF}/people/2")
    assert "read notices" in manager.page(f"/incidents/{REF}/journal").words
    assert "victim of abuse" in manager.page(f"/incidents/{REF}/people").words


def test_work_is_done_and_then_verified_and_the_incident_closes_when_nothing_is_left(
    declared: str, manager: Browser, officer: Browser, refuses: Refuses
) -> None:
    refuses(manager, "close", "data protection officer has not acknowledged", reasons="done")
    officer.do(REF, "take", hop="manager_to_dpo")
    manager.do(REF, "decide-risk", risk="unlikely", reasons="The list was empty.")
    officer.do(REF, "second", number="1", answer="agree")
    for name, value in (
        ("what_happened", "It was lost."),
        ("consequences", "[None are likely.]"),
        ("measures", "[We looked.]"),
    ):
        manager.do(REF, "record-fact", name=f"story.{name}", value=value)
    manager.do(REF, "draft")
    refuses(manager, "task-verify", "only what is done", number=first_task(manager), how="Looked.")
    while number := first_task(manager):
        manager.do(REF, "task-done", number=number, outcome="Done.")
    while number := first_task(manager, "task-verify"):
        officer.do(REF, "task-verify", number=number, how="Tried the door.")
    assert "is closed" in manager.do(REF, "close", reasons="Nothing is left.")
    refuses(manager, "record-fact", "is closed since", other="people.GB", value="4")
    assert REF not in manager.page("/").words
    assert "Closed" in manager.page("/?state=closed").words


def first_task(who: Browser, key: str = "task-done") -> str:
    """The first task whose button is of this kind; empty where none is left."""
    links = [one for one in who.page(f"/incidents/{REF}").links if f"/do/{key}?number=" in one]
    return links[0].split("=")[1] if links else ""


def test_the_evidence_is_handed_out_as_a_pack(declared: str, manager: Browser, team: Team) -> None:
    answer = team["auditor"].get(f"/incidents/{REF}/pack")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert answer.headers["content-disposition"] == f'attachment; filename="{REF}.zip"'
    assert f"{REF}/facts.json" in names
