"""A folder takes each notice once, whole or not at all, whoever dies or runs out of room along the way."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from channels.mime import message_bytes
from channels.outbox import Outbox
from channels.outcome import Accepted, ChannelError, Evidence, Finding, Halt, Refused, TryAgain, Unknown
from tests.channels.envelopes import MARKS, WAVE, an_envelope

if TYPE_CHECKING:
    from collections.abc import Callable

NID = UUID("2b1d7a52-7a0e-4a63-9c39-1c1f4d0a9c55")
SYSTEM_CALLS = ["open", "write", "fsync", "link", "unlink"]
PDF = b"%PDF-1.7 an invented letter\n%%EOF\n"


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    made = Outbox(tmp_path / "outbox")
    made.check()
    return made


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def look(outbox: Outbox, nid: UUID) -> Evidence:
    since = datetime(2026, 11, 21, tzinfo=UTC)
    return outbox.evidence(nid, to_address="robin.marker@example.com", category=str(WAVE), since_at=since)


def test_a_message_lies_in_the_folder_under_its_notice_id_for_the_owner_only(outbox: Outbox, tmp_path: Path) -> None:
    envelope = an_envelope()
    assert outbox.send(envelope).reference == f"{envelope.nid}.eml"
    [name] = files(tmp_path / "outbox")
    file = tmp_path / "outbox" / name
    assert file.read_bytes() == message_bytes(envelope)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_nlink == 1


def test_a_letter_lies_there_as_its_pdf_and_an_envelope_without_one_is_refused(tmp_path: Path) -> None:
    letters = Outbox(tmp_path, kind="letter", name="letter")
    letters.check()
    for missing in (None, b"", b"<html>"):
        with pytest.raises(Refused, match="no letter"):
            letters.send(an_envelope(letter_pdf=missing))
    letters.send(an_envelope(nid=NID, to_address="", letter_pdf=PDF))
    assert files(tmp_path) == [f"{NID}.pdf"]
    assert (tmp_path / f"{NID}.pdf").read_bytes() == PDF


def test_the_same_message_twice_is_one_file_and_another_text_is_refused(outbox: Outbox, tmp_path: Path) -> None:
    first = outbox.send(an_envelope(nid=NID))
    again = outbox.send(an_envelope(nid=NID))
    assert (first.detail, again.detail) == ("laid into the outbox", "already in the outbox")
    with pytest.raises(Refused, match="another message"):
        outbox.send(an_envelope(nid=NID, text="Other words.\n"))
    assert files(tmp_path / "outbox") == [f"{NID}.eml"]
    assert (tmp_path / "outbox" / f"{NID}.eml").read_bytes() == message_bytes(an_envelope(nid=NID))


def test_twenty_senders_of_one_notice_at_once_leave_one_file(outbox: Outbox, tmp_path: Path) -> None:
    together = Barrier(20)

    def send(_: int) -> Accepted:
        together.wait()
        return outbox.send(an_envelope(nid=NID))

    with ThreadPoolExecutor(20) as threads:
        details = [accepted.detail for accepted in threads.map(send, range(20))]
    assert sorted(details) == ["already in the outbox"] * 19 + ["laid into the outbox"]
    assert files(tmp_path / "outbox") == [f"{NID}.eml"]


def test_evidence_is_the_file_and_a_missing_folder_is_no_evidence(outbox: Outbox, tmp_path: Path) -> None:
    assert look(outbox, NID).finding is Finding.ABSENT
    outbox.send(an_envelope(nid=NID))
    assert look(outbox, NID).finding is Finding.FOUND
    (tmp_path / "outbox").rename(tmp_path / "elsewhere")
    with pytest.raises(Halt):
        look(outbox, NID)


def test_a_folder_that_cannot_be_one_halts_the_run(tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    wrong = Outbox(tmp_path / "a-file" / "outbox")
    for attempt in (wrong.check, lambda: wrong.send(an_envelope())):
        with pytest.raises(Halt, match="cannot be written"):
            attempt()
    with pytest.raises(Halt, match="ENOENT"):
        Outbox(tmp_path / "never-made").send(an_envelope())


class Failing:
    """Lets `whole` system calls of the outbox pass and fails the next one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, whole: int, code: int) -> None:
        self.left = whole
        self.code = code
        self.failed = ""
        for name in SYSTEM_CALLS:
            monkeypatch.setattr(os, name, self._wrap(name, getattr(os, name)))

    def _wrap(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == -1:
                self.failed = name
                raise OSError(self.code, os.strerror(self.code), "robin.marker@example.com")
            return call(*args, **kwargs)

        return called


@pytest.mark.parametrize("whole", range(4))
def test_a_full_disk_leaves_nothing_behind_and_the_notice_goes_later(
    outbox: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    with monkeypatch.context() as patched:
        failing = Failing(patched, whole, errno.ENOSPC)
        with pytest.raises(TryAgain) as failure:
            outbox.send(an_envelope(nid=NID))
    assert failing.failed == ["open", "write", "fsync", "link"][whole]
    assert failure.value.stops_run
    assert files(tmp_path / "outbox") == []
    assert not [mark for mark in MARKS if mark in f"{failure.value!r}"]
    assert outbox.send(an_envelope(nid=NID)).detail == "laid into the outbox"


@pytest.mark.parametrize(("code", "kind"), [(errno.EIO, Halt), (errno.EROFS, Halt), (errno.EMFILE, TryAgain)])
def test_a_broken_disk_halts_and_a_short_machine_tries_again(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, code: int, kind: type[ChannelError]
) -> None:
    with monkeypatch.context() as patched:
        Failing(patched, 2, code)
        with pytest.raises(kind):
            outbox.send(an_envelope(nid=NID))
    assert look(outbox, NID).finding is Finding.ABSENT


def test_a_name_that_the_disk_did_not_confirm_is_unknown_until_looked_for(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        failing = Failing(patched, 6, errno.EIO)
        with pytest.raises(Unknown) as failure:
            outbox.send(an_envelope(nid=NID))
    assert failing.failed == "fsync"
    assert failure.value.stops_run
    assert look(outbox, NID).finding is Finding.FOUND


KILLED_SENDER = """
import os, signal, sys
from pathlib import Path
from uuid import UUID
from channels.outbox import Outbox
from tests.channels.envelopes import an_envelope

left = int(sys.argv[2])

def mortal(call):
    def called(*args, **kwargs):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return call(*args, **kwargs)
    return called

for name in {calls!r}:
    setattr(os, name, mortal(getattr(os, name)))
Outbox(Path(sys.argv[1])).send(an_envelope(nid=UUID(sys.argv[3])))
print("survived")
"""


@pytest.mark.parametrize("steps", range(8))
def test_a_sender_killed_at_any_step_leaves_the_whole_file_or_none(tmp_path: Path, steps: int) -> None:
    outbox = Outbox(tmp_path)
    outbox.check()
    script = KILLED_SENDER.format(calls=SYSTEM_CALLS)
    command = [sys.executable, "-c", script, str(tmp_path), str(steps), str(NID)]
    sender = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, check=False)
    assert (sender.returncode, sender.stdout) == ((-signal.SIGKILL, b"") if steps < 7 else (0, b"survived\n"))
    final = tmp_path / f"{NID}.eml"
    assert final.exists() == (steps > 3)
    assert not final.exists() or final.read_bytes() == message_bytes(an_envelope(nid=NID))
    assert look(outbox, NID).finding is (Finding.FOUND if steps > 3 else Finding.ABSENT)
    outbox.send(an_envelope(nid=NID))
    assert final.read_bytes() == message_bytes(an_envelope(nid=NID))


def test_a_check_clears_old_drafts_and_leaves_young_ones_to_their_writers(outbox: Outbox, tmp_path: Path) -> None:
    old, young = (tmp_path / "outbox" / ".drafts" / uuid4().hex for _ in range(2))
    for draft in (old, young):
        draft.write_bytes(b"half a mess")
    os.utime(old, (0, 0))
    outbox.check()
    assert files(tmp_path / "outbox") == [f".drafts/{young.name}"]


def test_a_check_finds_out_that_the_folder_cannot_hold_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = Outbox(tmp_path)
    outbox.check()
    with monkeypatch.context() as patched:
        failing = Failing(patched, 3, errno.EPERM)
        with pytest.raises(Halt, match="EPERM"):
            outbox.check()
    assert failing.failed == "link"
    assert files(tmp_path) == []
