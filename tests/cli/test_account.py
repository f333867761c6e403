"""Accounts and restricted incidents by commands: the first administrator, passwords that are never shown, refusals."""

import io
import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from actions.desk import Desk
from actions.errors import NotSignedIn
from actions.second_factor import begin_second_factor
from actions.sign_in import sign_in
from db.models import Account
from db.queries.accounts import account_named
from settings.model import Settings
from tests.accounts import ADA, HOME, PASSWORD, a_phone, a_token, an_account, seen
from tests.cli.call import Called, call
from tests.conftest import MANAGER, Time

REF = "FW-2026-0001"
BOB = "bob@example.org"


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """A standard input on which a script writes the password."""
    line = io.StringIO(PASSWORD + "\n")
    monkeypatch.setattr(sys, "stdin", line)
    return line


def done(*arguments: str) -> dict[str, Any]:
    ended = call(*arguments, "--json")
    assert ended.code == 0, ended.err
    told: dict[str, Any] = json.loads(ended.out)
    return told


def refused(says: str, *arguments: str) -> Called:
    ended = call(*arguments)
    assert (ended.code, ended.out) == (2, ""), ended
    assert says in ended.err, ended.err
    return ended


def kept(name: str) -> Account:
    with Desk(Settings(), "test") as desk, desk.reading() as session:
        found = account_named(session, name)
    assert found is not None
    return found


def test_the_first_administrator_is_made_by_one_command_on_a_new_machine(nowhere: Path, typing: io.StringIO) -> None:
    ended = call("account", "add", ADA, "--role", "administrator", "--name", "Ada", "--password-stdin")
    assert ended.code == 0, ended.err
    assert "master key" in ended.err
    assert PASSWORD not in ended.out + ended.err
    assert not kept(ADA).must_change_password
    with Desk(Settings(), "test") as desk:
        assert seen(desk, a_token(desk)).display_name == "Ada"


def test_a_password_that_someone_else_typed_is_to_be_changed(home: Path, typing: io.StringIO) -> None:
    done("account", "add", ADA, "--role", "administrator", "--generate")
    done("account", "add", BOB, "--role", "responder", "--password-stdin")
    assert kept(BOB).must_change_password


def test_ones_own_password_is_not(home: Path, typing: io.StringIO) -> None:
    done("account", "add", ADA, "--role", "administrator", "--generate")
    done("account", "password", ADA, "--password-stdin", "--as", ADA)
    assert not kept(ADA).must_change_password


def test_a_password_that_was_made_is_shown_once_and_works(home: Path) -> None:
    told = done("account", "add", ADA, "--role", "administrator", "--generate")
    assert told["password"] not in call("account", "list", "--json").out
    with Desk(Settings(), "test") as desk:
        assert sign_in(desk, ADA, told["password"], HOME).token
    assert kept(ADA).must_change_password
    again = call("account", "password", ADA, "--generate")
    assert "shown this once" in again.out
    assert told["password"] not in again.out


def test_without_a_terminal_or_a_password_nothing_is_made(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    refused("no terminal", "account", "add", ADA, "--role", "administrator")
    refused("12 to 1000", "account", "add", ADA, "--role", "administrator", "--password-stdin")
    assert done("account", "list") == {"accounts": []}


LEADER = "import os, fcntl, termios, sys; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.executable, [sys.executable, '-m', 'cli', *sys.argv[1:]])"


def heard(terminal: io.FileIO, until: bytes | None = None) -> bytes:
    """What a terminal shows up to these words, or to the end of whoever writes on it."""
    shown = b""
    while until is None or until not in shown:
        assert select.select([terminal], [], [], 120)[0], f"it neither goes on nor ends: {shown!r}"
        try:
            shown += terminal.read(1000)
        except OSError:  # this is how a terminal says that nobody is there any more
            break
    return shown


@pytest.mark.parametrize(("second", "code"), [(PASSWORD, 0), ("something else", 2)])
def test_on_a_terminal_it_is_typed_twice_and_never_shown(home: Path, second: str, code: int) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", LEADER, "account", "add", ADA, "--role", "administrator"]
    with (
        subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as process,
        os.fdopen(ours, "r+b", buffering=0) as terminal,
    ):
        os.close(theirs)
        shown = heard(terminal, b"Password: ")
        terminal.write(PASSWORD.encode() + b"\n")
        shown += heard(terminal, b"Again: ")
        terminal.write(second.encode() + b"\n")
        shown += heard(terminal)
    assert process.returncode == code, shown
    assert second.encode() not in shown
    assert PASSWORD.encode() not in shown
    assert ("may sign in" if code == 0 else "not the same").encode() in shown


def test_the_list_tells_roles_and_states(home: Path, time: Time) -> None:
    assert "no account" in call("account", "list").out
    with Desk(Settings(), "test") as desk:
        for name, role in ((ADA, "administrator"), (BOB, "responder"), ("cy@example.org", "manager")):
            an_account(desk, name, role)
        a_phone(desk, seen(desk, a_token(desk)))
    done("account", "disable", "cy@example.org")
    told = {one["name"]: (one["roles"], one["state"], one["sessions"]) for one in done("account", "list")["accounts"]}
    assert told == {
        ADA: (["administrator"], "second factor", 1),
        BOB: (["responder"], "password only", 0),
        "cy@example.org": (["manager"], "disabled", 0),
    }
    assert "second factor" in call("account", "list").out
    assert "password_hash" not in call("account", "list", "--json").out


def test_roles_are_changed_but_never_the_last_administrators(home: Path, time: Time) -> None:
    with Desk(Settings(), "test") as desk:
        an_account(desk, ADA, "administrator")
    refused("last administrator", "account", "roles", ADA, "manager")
    refused("last administrator", "account", "disable", ADA)
    refused("is not a role", "account", "roles", ADA, "king")
    refused("no account", "account", "roles", "nobody", "manager")
    assert done("account", "roles", ADA, "manager", "administrator")["roles"] == ["manager", "administrator"]


def test_who_lost_their_phone_or_left_is_signed_out(home: Path, time: Time) -> None:
    with Desk(Settings(), "test") as desk:
        an_account(desk, ADA, "administrator")
        an_account(desk, BOB, "responder")
        a_phone(desk, seen(desk, a_token(desk, BOB)))
    done("account", "reset-factor", BOB)
    assert kept(BOB).totp_confirmed_at is None
    with Desk(Settings(), "test") as desk:
        a_token(desk, BOB)
        assert done("account", "sign-out", BOB)["sessions"] == 1
        done("account", "disable", BOB)
        with pytest.raises(NotSignedIn):
            a_token(desk, BOB)
        refused("disabled already", "account", "disable", BOB)
        done("account", "enable", BOB)
        begin_second_factor(desk, seen(desk, a_token(desk, BOB)).account_id)


def test_an_incident_is_restricted_changed_and_opened_again(home: Path, time: Time) -> None:
    done("declare", "--title", "Lost discs", "--detected", "2026-11-20T10:00+00:00")
    with Desk(Settings(), "test") as desk:
        an_account(desk, ADA)
        an_account(desk, BOB)
    assert done("restrict", REF) == {"incident": REF, "restricted": False, "members": []}
    refused("Say in a sentence", "restrict", REF, "--member", ADA)
    refused("at least one", "restrict", REF, "--because", "It is one of us.")
    refused("not restricted", "restrict", REF, "--lift", "--because", "It is one of us.")
    told = done("restrict", REF, "--member", ADA, "--because", "It is one of us.")
    assert told == {"incident": REF, "restricted": True, "members": [ADA]}
    assert done("restrict", REF, "--member", BOB, "--without", ADA)["members"] == [BOB]
    refused("last member", "restrict", REF, "--without", BOB)
    refused("not both", "restrict", REF, "--lift", "--member", ADA)
    assert f"only these accounts know of it: {BOB}" in call("restrict", REF).out
    assert not done("restrict", REF, "--lift", "--because", "It was nobody here.")["restricted"]
    acts = [one["act"] for one in done("timeline", REF)["entries"]]
    assert acts[-4:] == ["restrict", "add_member", "remove_member", "lift_restriction"]


def test_a_restricted_incident_without_a_member_says_so(home: Path, tmp_path: Path, time: Time) -> None:
    file = tmp_path / "incident.yaml"
    file.write_text("title: Lost discs\nrestricted: true\n", encoding="utf-8")
    done("declare", "--file", str(file))
    assert "nobody sees it" in call("restrict", REF).out
    assert MANAGER not in call("restrict", REF).out
