"""A report on its way to an authority's machine, a process of its own on loopback, as whoever sends it sees it on each face."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest
import sqlalchemy as sa

from actions.approve_report import approve_report
from actions.assess import assess
from actions.desk import Desk
from actions.hand_in import hand_in
from actions.prepare_reports import prepare_reports
from channels.authority import AuthoritySettings
from channels.https import Line
from db.models import Dispatch, Obligation, Receipt, Report
from notices.filled import read_back
from notices.machine import machine
from settings.model import Settings
from tests.builders import an_incident
from tests.cli.call import call
from tests.conftest import MANAGER, OFFICER, Time
from tests.fakes import authority
from tests.web.browser import Team, refusals

REF, WHY = "FW-2026-0001", "The authority says that it has nothing."
FACES = ("the command line", "the dashboard")
HERE = {"organisation__establishments": ["IE"], "organisation__main_establishment": "IE", "purposes": None}
MAJOR = {"findings__major_ict_incident": True, "events__classified": "2026-11-20T10:00+00:00"}
PEOPLE = {"people__GB": None, "people__IE": 15}
FORMS = {
    "edpb-33": ("eu-gdpr-33-1", HERE | PEOPLE | {"organisation__roles": ["controller"]}),
    "dora": ("dora-init", HERE | PEOPLE | MAJOR | {"organisation__roles": ["controller", "financial_entity"]}),
}
AUTHORITIES = ("eu/ie", "state/ie")


class Face(Protocol):
    """What whoever sends does, and is told."""

    def send(self, number: int) -> str: ...
    def send_again(self, number: int) -> str: ...
    def take_back(self, number: int) -> None: ...
    def sent(self, number: int) -> bytes: ...
    def page(self, number: int) -> str: ...


class ByCommand:
    """At a terminal."""

    def send(self, number: int) -> str:
        return " ".join(call("report", "send", REF, str(number), "--by", "machine").out.split())

    def send_again(self, number: int) -> str:
        ended = call("report", "send", REF, str(number), "--by", "machine")
        assert ended.code == 2
        return " ".join(ended.err.split())

    def take_back(self, number: int) -> None:
        assert call("report", "not-sent", REF, str(number), "--because", WHY).code == 0

    def sent(self, number: int) -> bytes:
        return b""

    def page(self, number: int) -> str:
        return " ".join(call("report", "show", REF, str(number)).out.split())


class ByBrowser:
    """On the dashboard."""

    def __init__(self, team: Team) -> None:
        self._manager = team["manager"]

    def send(self, number: int) -> str:
        assert "way=machine" in self._manager.page(f"/incidents/{REF}/reports/{number}").source
        return self._manager.do(REF, "send-report", number=str(number), way="machine")

    def send_again(self, number: int) -> str:
        answer = self._manager.post(f"/incidents/{REF}/do/send-report", {"number": str(number), "way": "machine"})
        assert answer.status_code == 409
        return refusals(answer)

    def take_back(self, number: int) -> None:
        self._manager.do(REF, "not-sent", number=str(number), because=WHY)

    def sent(self, number: int) -> bytes:
        return self._manager.get(f"/incidents/{REF}/reports/{number}/sent").content

    def page(self, number: int) -> str:
        return self._manager.page(f"/incidents/{REF}/reports/{number}").words


@pytest.fixture
def taken(tmp_path: Path) -> Path:
    """Where the machine writes down what it took."""
    return tmp_path / "taken"


@pytest.fixture
def machines(taken: Path, faults: list[str]) -> Iterator[dict[str, str]]:
    """One machine for all authorities of these tests, whose first answers go wrong like that."""
    with authority.spawned(taken, *faults) as url:
        yield dict.fromkeys(AUTHORITIES, url)


@pytest.fixture
def house(settings: Settings, machines: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The dashboard's settings, which name the machines."""
    monkeypatch.setenv("FORTHWITH_HOME", str(settings.home))
    tokens = dict.fromkeys(machines, type(settings.sendgrid_api_key)(authority.TOKEN))
    changes = {"authority_machines": machines, "authority_tokens": tokens, "prefect_api_url": "http://127.0.0.1:9/api"}
    return settings.model_copy(update=changes)


@pytest.fixture
def on(
    request: pytest.FixtureRequest,
    face: str,
    time: Time,
    machines: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Face, Desk]]:
    """The face, and a desk that prepares beforehand and reads what then stands. Nobody waits long for an answer."""
    monkeypatch.setattr("actions.ways.AuthoritySettings", partial(AuthoritySettings, line=Line(answer_seconds=0.5)))
    if face == "the dashboard":
        team, desk = request.getfixturevalue("team"), request.getfixturevalue("desk")
        with Desk(request.getfixturevalue("house"), MANAGER, database=desk.database) as wired:
            yield ByBrowser(team), wired
        return
    with (request.getfixturevalue("home") / "settings.toml").open("a") as told:
        for table, said in (("machines", machines), ("tokens", dict.fromkeys(machines, authority.TOKEN))):
            told.write(f"[authority_{table}]\n" + "".join(f'"{key}" = "{value}"\n' for key, value in said.items()))
    with Desk(Settings(), MANAGER) as desk:
        yield ByCommand(), desk


def approved(desk: Desk, form: str) -> int:
    """An incident whose report on this form is approved; its number."""
    duty, facts = FORMS[form]
    an_incident(desk, **facts)
    assess(desk, REF)
    prepare_reports(desk, REF)
    with desk.reading() as session:
        mine = sa.select(Report.number).join(Obligation, Report.obligation_id == Obligation.id)
        number = session.scalars(mine.where(Obligation.duty == duty)).one()
    approve_report(desk.acting_as(OFFICER), REF, number)
    return number


def stands(desk: Desk, number: int) -> tuple[Report, Dispatch, bytes, bytes]:
    """The report, its last dispatch, the bytes that were kept of it, and its proof."""
    with desk.reading() as session:
        report = session.scalars(sa.select(Report).where(Report.number == number)).one()
        mine = sa.select(Dispatch).where(Dispatch.report_id == report.id)
        left = session.scalars(mine.order_by(Dispatch.state == "rejected", Dispatch.asked_at.desc())).first()
        assert left is not None
        vault = desk.vault(session, report.incident_id)
        kept = vault.open(left.sent, f"dispatches/sent/{left.id}") if left.sent else b""
        receipt = session.get(Receipt, report.receipt_id) if report.receipt_id else None
        proof = vault.open(receipt.proof, f"receipts/proof/{receipt.sha256}") if receipt and receipt.proof else b""
        return report, left, kept, proof


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("faults", [[]], ids=["well"])
def test_what_an_authoritys_machine_takes_is_filed_with_its_answer_as_proof_and_the_exact_bytes_kept(
    on: tuple[Face, Desk], form: str, taken: Path
) -> None:
    face, desk = on
    number = approved(desk, form)
    told = face.send(number)
    assert "filed" in told and "AUT-000001" in told
    report, left, kept, proof = stands(desk, number)
    assert (report.state, report.channel, report.authority_reference) == ("filed", "machine", "AUT-000001")
    assert (left.state, report.late, json.loads(proof)) == ("accepted", False, {"reference": "AUT-000001"})
    [arrived] = taken.iterdir()
    assert arrived.read_bytes() == kept and arrived.name == str(report.id)
    assert json.loads(kept) == machine(read_back(report.content)), "in the shape that its own schema has"
    assert face.sent(number) in (kept, b"")
    assert "never sent twice" in face.send_again(number) or "is filed" in face.send_again(number)
    assert len(list(taken.iterdir())) == 1


NEXT = {"rejected": "sent again, or filed another way", "queued": "goes by itself", "unknown": "not sent again"}
TROUBLE = {
    "422": ("rejected", "does not take this report"),
    "401": ("queued", "does not let us in"),
    "429": ("queued", "asks us to slow down"),
    "500": ("unknown", "gave no acknowledgement"),
    "hang": ("unknown", "no whole answer came"),
    "garbage": ("unknown", "no whole answer came"),
    "no-reference": ("unknown", "gave no acknowledgement"),
    "accept-then-drop": ("unknown", "no whole answer came"),
}


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("faults", [list(TROUBLE)], ids=["in trouble"])
def test_whatever_else_a_machine_answers_is_said_with_its_reason_and_what_comes_next(
    on: tuple[Face, Desk], time: Time, taken: Path
) -> None:
    face, desk = on
    number = approved(desk, "edpb-33")
    for fault, (state, says) in TROUBLE.items():
        time.move(minutes=1)
        told = face.send(number)
        assert says in told and NEXT[state] in told, (fault, told)
        report, left, _, _ = stands(desk, number)
        assert (report.state, left.state) == ("approved", state), fault
        assert says in face.page(number), fault
        if state != "rejected":
            assert "never sent twice" in face.send_again(number), fault
            if fault != "accept-then-drop":
                face.take_back(number)
    time.move(minutes=1)
    hand_in(desk)
    report, left, kept, _ = stands(desk, number)
    [arrived] = taken.iterdir()
    assert (report.state, left.state, arrived.read_bytes()) == ("filed", "accepted", kept), "evidence has settled it"
    assert "AUT-000001" in face.page(number)
