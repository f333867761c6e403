"""Reports of failed delivery by mail: read by their code, believed only about the address that the notice went to, whatever else they hold."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from actions.content import open_notice
from actions.desk import Desk
from actions.read_bounces import read_bounces
from actions.reconcile import reconcile
from channels.bounces import LARGEST, reports_in
from db.models import Notice
from tests.cli.call import call
from tests.conftest import MANAGER
from tests.events import found, sent
from tests.fakes import smtp
from tests.fakes.smtp import FakeSmtp

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NID = UUID("6c1f1f4e-7b1c-4b86-9d8f-0f2f8a3f4a11")


def a_report(nid: UUID, recipient: str, status: str = "5.1.1", action: str = "failed", *, envid: bool = True) -> bytes:
    """As Postfix writes it."""
    envelope = f"Original-Envelope-Id: {nid.hex}\n" if envid else ""
    return (
        f"From: MAILER-DAEMON@mail.example.org\nTo: bounces+{nid.hex}@example.org\nSubject: Undelivered Mail\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n'
        "--B\nContent-Type: text/plain\n\nI'm sorry.\n\n"
        f"--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example.org\n{envelope}\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; 550 {status} <{recipient}>: unknown\n\n"
        f"--B\nContent-Type: text/rfc822-headers\n\nSubject: a notice\n\n--B--\n"
    ).encode()


@pytest.mark.parametrize(
    ("status", "action", "kind"),
    [
        ("5.1.1", "failed", "bounced"),
        ("5.2.2", "failed", "bounced"),
        ("5.7.1", "failed", "blocked"),
        ("4.4.7", "failed", "dropped"),
        ("4.2.2", "delayed", "delayed"),
        ("2.0.0", "delivered", "delivered"),
        ("2.0.0", "relayed", "taken"),
    ],
)
def test_each_report_is_read_by_its_code(status: str, action: str, kind: str) -> None:
    for envid in (True, False):
        [event] = reports_in(a_report(NID, "someone@example.org", status, action, envid=envid), NOW)
        assert (event.nid, event.kind, event.code) == (NID, kind, status)
        assert "someone@" not in repr(event)


GOOD = a_report(NID, "someone@example.org")
HOSTILE = [
    b"",
    b"Subject: hello\n\nNo report at all",
    GOOD.replace(NID.hex.encode(), b"not-an-id"),
    GOOD.replace(b"rfc822; someone@example.org", b"rfc822; a@example.org, b@example.org"),
    GOOD.replace(b"failed", b"exploded"),
    b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 5000,
    b"Content-Type: message/rfc822\n\n" * 20_000,
    b"Content-Type: message/delivery-status; charset=\xff\n\n\x00\x00",
    b"X: " + b"y" * (LARGEST * 2) + GOOD,
]


@pytest.mark.parametrize("mail", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_mail_reports_nothing_and_breaks_nothing(mail: bytes) -> None:
    assert reports_in(mail, NOW) == []


@how(max_examples=150)
@given(st.integers(0, len(GOOD)), st.binary(max_size=40), st.integers(0, 60))
def test_no_change_of_a_report_breaks_the_reader_or_makes_it_about_another_notice(
    where: int, extra: bytes, cut: int
) -> None:
    for event in reports_in(GOOD[:where] + extra + GOOD[where + cut :], NOW):
        assert event.provider == "smtp" and event.recipient.count("@") == 1


@pytest.fixture
def mailer(deaf_desk: Desk) -> Iterator[tuple[Desk, FakeSmtp]]:
    """Sends through a mail server, with a Maildir for what comes back."""
    box = deaf_desk.settings.home / "bounces"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    with smtp.running() as server:
        changes = {"email_channel": "smtp", "smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        changes |= {"bounce_address": "bounces@example.org", "bounce_folder": box}
        with Desk(deaf_desk.settings.model_copy(update=changes), MANAGER, database=deaf_desk.database) as made:
            yield made, server


def address_of(desk: Desk, nid: UUID) -> str:
    with desk.reading() as session:
        notice = session.get_one(Notice, nid)
        return open_notice(session, desk.vault(session, notice.incident_id), notice).to_address


def test_what_comes_back_leads_to_the_next_way_and_only_for_whom_it_names(mailer: tuple[Desk, FakeSmtp]) -> None:
    desk, server = mailer
    _, nids = sent(desk, 3)
    assert {mail.sender for mail in server.accepted} == {f"bounces+{nid.hex}@example.org" for nid in nids}
    box = desk.settings.home / "bounces"
    (box / "new" / "1").write_bytes(
        a_report(nids[0], address_of(desk, nids[0]).upper().replace("EXAMPLE.ORG", "example.org"))
    )
    (box / "new" / "2").write_bytes(a_report(nids[1], "forged@example.org"))
    (box / "new" / "3").write_bytes(a_report(nids[2], address_of(desk, nids[1])))
    (box / "new" / "4").write_bytes(a_report(NID, address_of(desk, nids[1])))
    (box / "new" / "5").write_bytes(b"\xff" * 1000)
    reconcile(desk)
    assert found(desk, nids[:1]) == {"bounced": 1}
    assert found(desk, nids[1:]) == {"accepted": 2}
    assert list((box / "new").iterdir()) == []
    assert len(list((box / "cur").iterdir())) == 5
    with desk.reading() as session:
        why = session.scalars(sa.select(Notice.ended_because).where(Notice.nid == nids[0])).one()
    assert why == "the receiving server refused it (5.1.1)"


def test_files_are_read_by_hand_as_often_as_one_likes(
    mailer: tuple[Desk, FakeSmtp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = mailer
    _, [nid] = sent(desk, 1)
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "one.eml").write_bytes(a_report(nid, address_of(desk, nid)))
    monkeypatch.setenv("FORTHWITH_DATABASE_URL", desk.settings.url)
    for settled in (1, 0):
        told = call("bounces", str(folder), "--home", str(desk.settings.home))
        assert (told.code, f"{settled} events are settled" in told.out) == (0, True), told
    assert found(desk, [nid]) == {"bounced": 1}
    assert call("bounces", str(tmp_path / "none"), "--home", str(desk.settings.home)).code == 2
    assert read_bounces(desk, folder / "one.eml").reports == 1
