"""`forthwith watchdog` as cron and as a person call it; it never loads Prefect."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from actions import card_keys
from actions.check_deadlines import check_deadlines
from actions.desk import open_desk
from settings.model import Settings
from tests.cli.call import call
from tests.conftest import Time

WORDS = "seven grey herons on the weir"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_keys, "WORK", card_keys.WORK | {"n": 2**4})
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{WORDS}\n" * 3))


def test_once_ends_with_2_when_nobody_watches_and_with_0_when_somebody_does(home: Path) -> None:
    silent = call("watchdog", "--once")
    assert silent.code == 2 and "ALARM: No deadline was ever checked here." in silent.err
    with open_desk(Settings(), "x") as desk:
        check_deadlines(desk)
    well = call("watchdog", "--once", "--home", str(home))
    assert well.code == 0 and "The deadlines are watched again." in well.err


def test_the_card_is_written_after_a_passphrase_was_set_and_opens_without_any_settings(
    home: Path, typed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = call("watchdog", "passphrase", "--password-stdin")
    assert told.code == 0 and "next look writes the card" in told.out
    call("watchdog", "--once")
    card = tmp_path / "card.txt"
    (home / "watchdog" / "card.txt").rename(card)
    monkeypatch.setenv("FORTHWITH_HOME", str(tmp_path / "nowhere"))
    monkeypatch.setenv("FORTHWITH_WINDOW", "this would be refused")
    opened = call("watchdog", "open", str(card), "--password-stdin")
    assert opened.code == 0 and "NEXT DEADLINES" in opened.out
    monkeypatch.setattr(sys, "stdin", io.StringIO("wrong\n"))
    wrong = call("watchdog", "open", str(card), "--password-stdin")
    assert wrong.code == 2 and "does not open" in wrong.err and not wrong.out


def test_a_second_watchdog_in_one_home_is_refused(home: Path, time: Time) -> None:
    code = "import fcntl, sys; f = open(sys.argv[1], 'a'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    (home / "watchdog").mkdir()
    holder = [sys.executable, "-c", code, str(home / "watchdog" / "lock")]
    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"held\n"
        refused = call("watchdog", "--once")
        process.communicate()
    assert refused.code == 2 and "stands here already" in refused.err


def test_it_never_loads_prefect(home: Path) -> None:
    """In a process of its own, since others of these tests do."""
    code = (
        "import sys, cli\nsys.argv = ['forthwith', 'watchdog', '--once']\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "print(*sorted(name for name in sys.modules if name.split('.')[0] in ('prefect', 'cli', 'actions')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = ran.stdout.split()
    assert "cli.watchdog" in loaded and "actions.stand_watch" in loaded
    assert [name for name in loaded if name.startswith("prefect")] == []
