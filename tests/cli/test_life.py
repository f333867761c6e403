"""A whole incident by commands alone, each refusal along the way tried once: exit 2, one sentence, nothing changed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from actions.contain import contain
from actions.desk import Desk
from settings.model import Settings
from tests.cli.call import call
from tests.conftest import OFFICER, Time
from tests.ledger import OWN_STORY, STORY, a_list, customers

REF = "FW-2026-0001"
WRITER, APPROVER = ("--as", "writer@example.org"), ("--as", "approver@example.org")

Done = Callable[..., dict[str, Any]]


def done(*arguments: str) -> dict[str, Any]:
    """The JSON answer of a call that must work."""
    ended = call(*arguments, "--json")
    assert ended.code == 0, ended.err
    told: dict[str, Any] = json.loads(ended.out)
    return told


def refused(says: str, *arguments: str) -> None:
    """A call that is refused with a sentence that says so, on the standard error alone, and leaves the record alone."""
    before = entries()
    ended = call(*arguments)
    assert (ended.code, ended.out) == (2, ""), ended
    assert says in ended.err, ended.err
    assert entries() == before


def entries() -> int:
    """How long the incident's journal is."""
    return len(done("timeline", REF)["entries"])


@pytest.fixture
def declared(home: Path, time: Time) -> Path:
    done("declare", "--title", "Customer list lost", "--detected", "2026-11-20T10:00+00:00", "--fact", "data=[name, postal_address]", "--fact", "people.GB=3", "--fact", "kinds=[customer]", "--fact", "protection.encrypted=false")  # fmt: skip
    time.move(hours=1)
    return home


@pytest.fixture
def owed(declared: Path, tmp_path: Path) -> Path:
    """Of high risk, its story told by someone else, its people entered, its measures opened."""
    done("decide", REF, "risk", "high", "--reasons", "Addresses of people in hiding.")
    story = tmp_path / "story.yaml"
    story.write_text(json.dumps(STORY | OWN_STORY), encoding="utf-8")
    done("fact", "add", REF, "--file", str(story), *WRITER)
    done("people", "import", REF, str(a_list(tmp_path, customers(3))))
    done("draft", REF)
    return declared


def test_the_officer_acknowledges_and_nobody_else(declared: Path) -> None:
    refused("only they", "take", REF)
    refused("not a hand-over", "take", REF, "--hop", "dragon", "--as", OFFICER)
    assert done("take", REF, "--as", OFFICER)["hop"] == "manager_to_dpo"
    refused("already", "take", REF, "--as", OFFICER)


def test_a_grave_decision_waits_for_a_second_person(declared: Path) -> None:
    refused("needs reasons", "decide", REF, "risk", "high")
    refused("none of them", "decide", REF, "risk", "dragon", "--reasons", "x")
    refused("not a kind", "decide", REF, "dragon", "x", "--reasons", "x")
    refused("offset", "decide", REF, "restriction", "x", "--reasons", "x", "--review-at", "2026-12-01T10:00")
    told = done("decide", REF, "risk", "unlikely", "--reasons", "The list was empty.")["decision"]
    assert told["state"] == "proposed"
    refused("still waits", "decide", REF, "risk", "unlikely", "--reasons", "Again.")
    refused("is yours", "second", REF, "1")
    refused("no decision 9", "second", REF, "9", "--as", OFFICER)
    assert done("second", REF, "1", "--as", OFFICER)["decision"]["state"] == "stands"
    refused("not waiting", "second", REF, "1", "--as", OFFICER)


def test_a_duty_is_waived_by_two(owed: Path) -> None:
    refused("needs reasons", "waive", REF, "uk-gdpr-33-1")
    done("waive", REF, "uk-gdpr-33-1", "--reasons", "Reported by our processor.")
    assert done("second", REF, "2", "--as", OFFICER)["decision"]["state"] == "stands"
    [duty] = [one for one in done("show", REF)["duties"] if one["duty"] == "uk-gdpr-33-1"]
    assert duty["state"] == "waived"


def test_work_is_done_and_then_verified(owed: Path, time: Time) -> None:
    with Desk(Settings(), "manager@example.org") as desk:
        contain(desk, REF)
    [number, *_] = [str(one["number"]) for one in done("task", "list", REF)["tasks"] if one["kind"] == "containment"]
    refused("needs an outcome", "task", "done", REF, number)
    refused("no task 99", "task", "done", REF, "99", "--outcome", "x")
    refused("only what is done", "task", "verify", REF, number, "--how", "looked")
    refused("in the future", "task", "done", REF, number, "--outcome", "x", "--at", "2027-01-01T00:00+00:00")
    assert done("task", "done", REF, number, "--outcome", "Locked.")["task"]["state"] == "done"
    refused("is done already", "task", "done", REF, number, "--outcome", "Again.")
    refused("what was looked at", "task", "verify", REF, number)
    assert (
        done("task", "verify", REF, number, "--how", "Tried the door.", "--as", OFFICER)["task"]["verified_by"]
        == OFFICER
    )
    assert "and verified" in call("task", "list", REF, "--all").out


def test_a_report_goes_from_draft_to_proof(owed: Path, tmp_path: Path) -> None:
    [report] = [one for one in done("report", "list", REF)["reports"] if one["duty"] == "uk-gdpr-33-1"]
    number, proof = str(report["number"]), tmp_path / "acknowledgement.pdf"
    shown = done("report", "show", REF, number, "--pdf", str(tmp_path / "report.pdf"))
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert shown["content_sha256"] in call("report", "show", REF, number, "--sheet").out.replace("\n", "")
    refused("wrote words", "approve", REF, "report", number, *WRITER)
    refused("has changed since", "approve", REF, "report", number, "--text", "0000", *APPROVER)
    refused("must be approved", "report", "file", REF, number, "--reference", "IC-1")
    done("approve", REF, "report", number, "--text", shown["content_sha256"][:12], *APPROVER)
    refused("only a draft", "approve", REF, "report", number, *APPROVER)
    refused("reference", "report", "file", REF, number)
    refused("needs proof", "report", "file", REF, number, "--reference", "IC-1")
    refused("cannot be read", "report", "file", REF, number, "--reference", "IC-1", "--proof", str(proof))
    proof.write_bytes(b"received")
    refused("future", "report", "file", REF, number, "--reference", "IC-1", "--proof", str(proof), "--filed-at", "2027-01-01T00:00+00:00")  # fmt: skip
    filed = done("report", "file", REF, number, "--reference", "IC-1", "--proof", str(proof))["report"]
    assert (filed["state"], filed["late"], filed["authority_reference"]) == ("filed", False, "IC-1")
    refused("cannot be filed again", "report", "file", REF, number, "--reference", "IC-1", "--proof", str(proof))


def test_a_report_is_sent_once_and_filed_by_the_authoritys_answer(owed: Path, tmp_path: Path) -> None:
    [number] = [str(one["number"]) for one in done("report", "list", REF)["reports"] if one["duty"] == "uk-gdpr-33-1"]
    refused("must approve it", "report", "send", REF, number)
    done("approve", REF, "report", number, *APPROVER)
    refused("name no machine", "report", "send", REF, number, "--by", "machine")
    refused("needs reasons", "report", "send", REF, number, "--to", "desk@example.org")
    refused("was not sent from here", "report", "not-sent", REF, number, "--because", "x")
    sent = done("report", "send", REF, number)["dispatch"]
    assert (sent["state"], sent["address"], sent["source"]) == ("accepted", "casework@ico.org.uk", "rulebook")
    refused("never sent twice", "report", "send", REF, number)
    proof = tmp_path / "answer.eml"
    proof.write_bytes(b"From: casework@ico.org.uk\r\n\r\nWe have it.")
    refused("not-sent", "report", "file", REF, number, "--reference", "IC-1", "--proof", str(proof))
    email = ("--channel", "email", "--reference", "IC-1")
    refused("needs proof", "report", "file", REF, number, *email)
    filed = done("report", "file", REF, number, *email, "--proof", str(proof))["report"]
    assert filed["filed_at"] == sent["handed_over_at"]
    refused("that stands", "report", "not-sent", REF, number, "--because", "x")


def test_a_report_is_given_by_telephone_with_a_script_and_a_record(owed: Path) -> None:
    [number] = [str(one["number"]) for one in done("report", "list", REF)["reports"] if one["duty"] == "uk-gdpr-33-1"]
    assert "BEGIN BY SAYING" in call("report", "show", REF, number, "--script").out
    done("approve", REF, "report", number, *APPROVER)
    phone = ("--channel", "phone", "--reference", "IC-7")
    refused("--spoken-to", "report", "file", REF, number, *phone)
    who = ("--spoken-to", "Sam Sample", "--number-called", "0303 123 1113")
    assert done("report", "file", REF, number, *phone, *who)["report"]["channel"] == "phone"


def test_a_late_report_wants_its_reasons(owed: Path, tmp_path: Path, time: Time) -> None:
    [number] = [str(one["number"]) for one in done("report", "list", REF)["reports"] if one["duty"] == "uk-gdpr-33-1"]
    done("approve", REF, "report", number, *APPROVER)
    time.move(hours=80)
    proof = tmp_path / "page.txt"
    proof.write_bytes(b"received")
    refused("--late-reasons", "report", "file", REF, number, "--reference", "IC-1", "--proof", str(proof))
    done("report", "file", REF, number, "--reference", "IC-1", "--proof", str(proof), "--late-reasons", "Flood.")
    assert "LATE" in call("report", "list", REF).out


def test_people_are_entered_whole_or_not_at_all(declared: Path, tmp_path: Path) -> None:
    wrong = a_list(tmp_path, [{"email": "nobody"}, {"kind": "dragon", "name": "Sam Secret"}], "wrong.csv")
    refused("Nothing was imported", "people", "import", REF, str(wrong))
    ended = call("people", "import", REF, str(wrong))
    assert "row 2, email" in ended.err
    assert "row 3, kind" in ended.err
    assert "Secret" not in ended.err
    refused("cannot be read", "people", "import", REF, str(tmp_path / "missing.csv"))
    assert done("people", "list", REF)["people"] == []
    right = a_list(tmp_path, customers(3))
    assert done("people", "import", REF, str(right))["added"] == 3
    assert done("people", "import", REF, str(right))["added"] == 0
    assert done("people", "balance", REF)["balance"]["all"]["pending"] == 3
    assert "email" in done("people", "columns")["columns"]


def test_a_person_is_corrected_flagged_and_read(owed: Path) -> None:
    refused("COLUMN=VALUE", "people", "correct", REF, "1", "email", "--reasons", "x")
    refused("email", "people", "correct", REF, "1", "email=nobody", "--reasons", "x")
    refused("no person 9", "people", "correct", REF, "9", "email=a@example.org", "--reasons", "x")
    done("people", "correct", REF, "1", "email=new@example.org", "--reasons", "They rang.")
    refused("not a flag", "people", "flag", REF, "2", "dragon", "--reasons", "x")
    done("people", "flag", REF, "2", "victim_of_abuse", "--reasons", "The file says so.")
    [person] = [one for one in done("people", "list", REF)["people"] if one["number"] == 2]
    assert person["flags"] == ["victim_of_abuse"]
    [notice] = done("people", "read", REF, "3")["notices"]
    assert STORY["story.what_happened"] in notice["words"]
    assert done("timeline", REF)["entries"][-1]["act"] == "read_notices", "whoever looks is on record"


def test_a_wave_is_read_approved_launched_paused_and_stopped(owed: Path) -> None:
    [wave] = done("wave", "list", REF)["waves"]
    assert (wave["state"], wave["channels"]) == ("draft", {"email": 3})
    refused("wrote words", "approve", REF, "wave", "1", *WRITER)
    refused("is a draft", "launch", REF, "1")
    refused("no wave 9", "wave", "show", REF, "9")
    assert wave["content_sha256"] in call("wave", "show", REF, "1").out.replace("\n", "").replace(" ", "")
    done("approve", REF, "wave", "1", "--text", wave["content_sha256"], *APPROVER)
    launched = done("launch", REF, "1")
    assert [run["flow"] for run in launched["runs"]] == ["deliver"]
    assert not launched["runs"][0]["started"], "Prefect is away, and the act counts all the same"
    refused("already", "launch", REF, "1")
    refused("why", "wave", "pause", REF, "1")
    assert done("wave", "pause", REF, "1", "--reasons", "A wrong number.")["state"] == "paused"
    assert done("wave", "resume", REF, "1")["state"] == "launched"
    assert done("wave", "stop", REF, "1", "--reasons", "A wrong number.")["state"] == "stopped"
    refused("stopped already", "wave", "stop", REF, "1", "--reasons", "Again.")
    assert done("people", "balance", REF)["balance"]["all"]["pending"] == 3


def test_a_wave_by_hand_names_whom_and_what(owed: Path) -> None:
    refused("needs both", "draft", REF, "--kind", "customer")
    refused("no notice", "draft", REF, "--kind", "customer", "--template", "dragon")
    refused("waves of their own", "draft", REF, "--kind", "victim", "--kind", "accused", "--template", "breach-notice")


def test_a_conversation_is_recorded_by_its_outcome(declared: Path, tmp_path: Path, time: Time) -> None:
    done("decide", REF, "risk", "high", "--reasons", "Addresses of people in hiding.")
    story = tmp_path / "story.yaml"
    story.write_text(json.dumps(STORY), encoding="utf-8")
    done("fact", "add", REF, "--file", str(story), *WRITER)
    done("people", "import", REF, str(a_list(tmp_path, [{"kind": "victim", "phone": "020 7946 0001"}])))
    done("draft", REF)
    done("approve", REF, "wave", "1", *APPROVER)
    done("launch", REF, "1")
    [number] = [str(one["number"]) for one in done("task", "list", REF)["tasks"] if one["kind"] == "contact"]
    refused("outcome", "task", "contact", REF, number, "dragon")
    refused("forthwith task contact", "task", "done", REF, number, "--outcome", "told")
    refused("offset", "task", "contact", REF, number, "told", "--at", "2026-11-20T12:00")
    assert "script" in done("task", "script", REF, number)
    again = ("no_answer", "--next-try", "2026-11-21T10:00+00:00")
    assert done("task", "contact", REF, number, *again)["task"]["state"] == "open"
    told = ("told", "--note", "They thanked us.", "--witness", "Officer Sample")
    assert done("task", "contact", REF, number, *told)["task"]["state"] == "done"
    assert done("people", "balance", REF)["balance"]["all"]["told"] == 1


@pytest.fixture
def settled(declared: Path) -> Path:
    """Nothing is left to do but to close."""
    done("take", REF, "--as", OFFICER)
    done("decide", REF, "risk", "unlikely", "--reasons", "The list was empty.")
    done("second", REF, "1", "--as", OFFICER)
    story = ("story.what_happened=It was lost.", "story.consequences=[None are likely.]", "story.measures=[We looked.]")
    done("fact", "add", REF, *story)
    done("draft", REF)
    for task in done("task", "list", REF)["tasks"]:
        done("task", "done", REF, str(task["number"]), "--outcome", "Done.")
        if task["kind"] == "containment":
            done("task", "verify", REF, str(task["number"]), "--how", "Looked.", "--as", OFFICER)
    return declared


def test_nothing_closes_while_something_is_left(declared: Path) -> None:
    refused("data protection officer has not acknowledged", "close", REF, "--reasons", "done")


def test_it_closes_when_nothing_is_left_and_takes_no_act_any_more(settled: Path) -> None:
    refused("needs reasons", "close", REF)
    assert done("close", REF, "--reasons", "Nothing is left.")["closed_at"]
    refused("is closed since", "fact", "add", REF, "people.GB=4")
    assert done("list")["incidents"] == []
    [listed] = done("list", "--closed")["incidents"]
    assert listed["stage"] == "closed"
    assert "closed Fri 20 Nov 2026" in call("show", REF).out


def test_the_record_and_its_export_are_checked_and_tampering_ends_with_one(settled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    assert done("verify")["sound"]
    assert done("pack", REF, str(folder))["files"] > 10
    refused("not empty", "pack", REF, str(folder))
    assert done("verify", str(folder))["sound"]
    (folder / "facts.json").write_text("[]", encoding="utf-8")
    broken = call("verify", str(folder))
    assert broken.code == 1
    assert "WRONG" in broken.out


def test_a_pack_in_one_file_is_checked_too(declared: Path, tmp_path: Path) -> None:

    done("pack", REF, str(tmp_path / "evidence"))
    whole = shutil.make_archive(str(tmp_path / "evidence"), "zip", tmp_path, "evidence")
    assert done("verify", whole)["sound"]
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 no")
    refused("neither an incident", "verify", str(tmp_path / "no.zip"))
