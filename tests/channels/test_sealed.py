"""Nothing of an exercise leaves the building, because its channels have no door."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

from channels.outbox import Outbox
from channels.sealed import sealed_ways
from tests.channels.envelopes import an_envelope

DOORS = {
    "smtplib",
    "http.client",
    "urllib3",
    "sendgrid",
    "requests",
    "httpx",
    "ssl",
    "channels.smtp",
    "channels.sendgrid",
}

# Any use of a socket ends the process at once, by the interpreter's own hook, which cannot be taken off again.
GUARDED_EXERCISE = """
import os, sys
from pathlib import Path

def nothing_leaves(event, arguments):
    if event.startswith(("socket.", "urllib.", "smtplib.", "http.client.", "subprocess.", "os.exec", "os.system")):
        os._exit(7)

from tests.channels.envelopes import an_envelope
from channels.sealed import sealed_ways
sys.addaudithook(nothing_leaves)
if sys.argv[2] == "try the door":
    import socket
    socket.socket()
ways = sealed_ways(Path(sys.argv[1]))
for way in ways.values():
    way.check()
    way.send(an_envelope(letter_pdf=b"%PDF-1.7 invented"))
    way.close()
print(*sorted(sys.modules))
"""


def run(folder: Path, deed: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", GUARDED_EXERCISE, str(folder), deed]
    return subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)


def test_an_exercise_lays_its_messages_into_its_folder(tmp_path: Path) -> None:
    ways = sealed_ways(tmp_path)
    envelope = an_envelope(letter_pdf=b"%PDF-1.7 invented")
    for way in ways.values():
        way.check()
        way.send(envelope)
    laid = [str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()]
    assert sorted(laid) == [f"email/{envelope.nid}.eml", f"letters/{envelope.nid}.pdf"]
    assert [(way.name, way.kind) for way in ways.values()] == [("sealed-email", "email"), ("sealed-letter", "letter")]
    assert all(type(way) is Outbox for way in ways.values())


def test_an_exercise_uses_no_socket_and_loads_no_way_to_a_network(tmp_path: Path) -> None:
    exercise = run(tmp_path, "stay inside")
    assert exercise.returncode == 0, exercise.stderr
    assert not DOORS & set(exercise.stdout.split())
    assert run(tmp_path, "try the door").returncode == 7, "the guard itself does not work"


def test_a_sealed_way_is_given_a_folder_and_nothing_else() -> None:
    assert list(inspect.signature(sealed_ways).parameters) == ["folder"]
