"""The three faces of the same acts, for one scenario to be played on each: actions, the command line, the dashboard's forms."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from actions.append_facts import Known
from actions.approve_report import approve_report
from actions.assess import assess
from actions.call_record import Call
from actions.declare import Declaration, declare
from actions.desk import Desk, find
from actions.errors import Conflict
from actions.file_report import Filing, file_report
from actions.hand_in import hand_in
from actions.known import shape_of
from actions.moments import read_moment
from actions.prepare_reports import prepare_reports
from actions.record_facts import record_facts
from actions.send_report import Sending, send_report
from actions.supply import lacks
from db.queries import work
from tests.cli.call import call
from tests.conftest import MANAGER, OFFICER
from tests.web.browser import Browser, Team, refusals

REF = "FW-2026-0001"
WRITER = "writer@example.org"
TO, BECAUSE = "desk@example.org", "An invented desk, asked by telephone."


class Refused(Exception):
    """A face said no, with these words."""


@dataclass(frozen=True)
class Filed:
    """What the one who files says; by telephone the record of the call is the proof."""

    channel: str = "portal"
    reference: str = "EX-000001"
    proof: bytes = b"received"
    at: str = ""
    late_reasons: str = ""
    together: str = ""


class Hand(Protocol):
    """What a person does on some face to one incident at a time; *Refused* where it says no."""

    reference: str

    def declare(self, title: str, facts: Mapping[str, Any]) -> None: ...
    def record(self, facts: Mapping[str, Any]) -> None: ...
    def draft(self) -> None: ...
    def missing(self, number: int) -> set[str]: ...
    def approve(self, number: int, by: str = OFFICER) -> None: ...
    def send(self, number: int, typed: bool) -> None: ...
    def file(self, number: int, filed: Filed) -> None: ...


class ByActions:
    """The acts themselves."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._writer, self.reference = desk, desk.acting_as(WRITER), REF

    def declare(self, title: str, facts: Mapping[str, Any]) -> None:
        declare(self._desk, Declaration(title=title, facts=dict(facts)))

    def record(self, facts: Mapping[str, Any]) -> None:
        record_facts(self._writer, self.reference, [Known(name, value, "test") for name, value in facts.items()])

    def draft(self) -> None:
        assess(self._desk, self.reference)
        prepare_reports(self._desk, self.reference)

    def missing(self, number: int) -> set[str]:
        with self._desk.reading() as session:
            held = work.report(session, find(session, self.reference).id, number)
            assert held is not None
            return {fact for one in lacks(held[0].content, self.reference, held[1].citation) for fact in one.facts}

    def approve(self, number: int, by: str = OFFICER) -> None:
        self._try(approve_report, self._desk.acting_as(by), self.reference, number)

    def send(self, number: int, typed: bool) -> None:
        made = self._try(
            send_report, self._desk, self.reference, number, Sending("email", *((TO, BECAUSE) if typed else ()))
        )
        hand_in(self._desk, made.incident_id)

    def file(self, number: int, filed: Filed) -> None:
        at = read_moment(filed.at, "at") if filed.at else None
        spoken = Call("Sam Sample", "020 7946 0199") if filed.channel == "phone" else None
        name = "proof.txt" if filed.proof else ""
        said = Filing(filed.channel, filed.reference, name, filed.proof, at, filed.late_reasons, spoken, filed.together)
        self._try(file_report, self._desk, self.reference, number, said)

    def _try(self, act: Any, *how: Any) -> Any:
        try:
            return act(*how)
        except Conflict as error:
            raise Refused(str(error)) from None


class ByCommand:
    """`forthwith`, as somebody at a terminal types it."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.reference = folder, REF

    def declare(self, title: str, facts: Mapping[str, Any]) -> None:
        told = dict(facts)
        detected = told.pop("events.detected")
        self._do("declare", "--title", title, "--detected", detected, "--file", self._file(told))

    def record(self, facts: Mapping[str, Any]) -> None:
        self._do("fact", "add", self.reference, "--file", self._file(facts), "--as", WRITER)

    def draft(self) -> None:
        self._do("assess", self.reference)
        self._do("draft", self.reference)

    def missing(self, number: int) -> set[str]:
        told = self._do("report", "missing", self.reference, str(number))["missing"]
        return {fact for one in told for fact in one["facts"]}

    def approve(self, number: int, by: str = OFFICER) -> None:
        self._do("approve", self.reference, "report", str(number), "--as", by)

    def send(self, number: int, typed: bool) -> None:
        self._do("report", "send", self.reference, str(number), *(("--to", TO, "--because", BECAUSE) if typed else ()))

    def file(self, number: int, filed: Filed) -> None:
        said = ["--channel", filed.channel, "--reference", filed.reference, "--late-reasons", filed.late_reasons]
        said += ["--together", filed.together] if filed.together else []
        if filed.proof:
            proof = self._folder / "proof.txt"
            proof.write_bytes(filed.proof)
            said += ["--proof", str(proof)]
        if filed.channel == "phone":
            said += ["--spoken-to", "Sam Sample", "--number-called", "020 7946 0199"]
        self._do("report", "file", self.reference, str(number), *said, *(("--filed-at", filed.at) if filed.at else ()))

    def _file(self, facts: Mapping[str, Any]) -> str:
        path = self._folder / "facts.yaml"
        path.write_text(json.dumps(dict(facts)), encoding="utf-8")
        return str(path)

    def _do(self, *arguments: str) -> Any:
        ended = call(*arguments, "--json")
        if ended.code == 2:
            raise Refused(ended.err)
        assert ended.code == 0, ended.err
        return json.loads(ended.out)


class ByBrowser:
    """The dashboard's forms, in browsers without script."""

    def __init__(self, team: Team) -> None:
        self._manager, self.reference = team["manager"], REF
        self._writer = team.member(WRITER, "responder", "approver")
        self._people = {
            WRITER: self._writer,
            OFFICER: team.member(OFFICER, "responder", "approver"),
            MANAGER: self._manager,
        }

    def declare(self, title: str, facts: Mapping[str, Any]) -> None:
        told = dict(facts)
        detected = told.pop("events.detected").partition("+")[0]
        typed = {"title": title, "detected": detected, "detected_zone": "UTC"}
        answer = self._manager.post("/declare", self._manager.page("/declare").form("/declare").fields | typed)
        assert answer.status_code == 303, refusals(answer)
        self.record(told)

    def record(self, facts: Mapping[str, Any]) -> None:
        for name, value in facts.items():
            self._do(self._writer, "record-fact", other=name, value=_chosen_or_typed(name, value))

    def draft(self) -> None:
        self._do(self._manager, "assess")
        self._do(self._manager, "draft")

    def missing(self, number: int) -> set[str]:
        links = self._writer.page(f"/incidents/{self.reference}/reports/{number}").links
        asked = [parse_qs(urlsplit(one).query) for one in links if "/do/record-fact?other=" in one]
        return {unquote(one["other"][0]) for one in asked}

    def approve(self, number: int, by: str = OFFICER) -> None:
        reader, who = self._people[OFFICER], self._people[by]  # an author's own page has no such button
        text = reader.page(f"/incidents/{self.reference}/reports/{number}").form("/do/approve-report").fields["text"]
        self._do(who, "approve-report", number=str(number), text=text)

    def send(self, number: int, typed: bool) -> None:
        said = {"to": TO, "because": BECAUSE} if typed else {}
        self._do(self._manager, "send-report", number=str(number), way="email", **said)

    def file(self, number: int, filed: Filed) -> None:
        at = {"at": filed.at.partition("+")[0], "at_zone": "UTC"} if filed.at else {}
        files = {"proof": ("proof.txt", filed.proof, "text/plain")} if filed.proof else None
        said = {"channel": filed.channel, "authority_reference": filed.reference, "late_reasons": filed.late_reasons}
        said |= {"together": filed.together} if filed.together else {}
        if filed.channel == "phone":
            said |= {"spoken_to": "Sam Sample", "number_called": "020 7946 0199"}
        self._do(self._manager, "file-report", files, number=str(number), **said, **at)

    def _do(self, who: Browser, key: str, files: Any = None, **typed: Any) -> None:
        answer = who.post(f"/incidents/{self.reference}/do/{key}", typed, files)
        if answer.status_code in (403, 409, 422):
            raise Refused(refusals(answer) or answer.text)
        assert answer.status_code == 303, (key, answer.status_code, refusals(answer))


def _chosen_or_typed(name: str, value: Any) -> Any:
    """What somebody ticks for a fact with options of its own, or types for another."""
    shape = shape_of(name)
    if shape == "yes_no":
        return "yes" if value else "no"
    return value if shape in ("text", "choice", "choices") else json.dumps(value)


Face = ByCommand | ByBrowser
FACES = ("the command line", "the dashboard")
