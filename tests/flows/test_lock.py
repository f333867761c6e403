"""One `forthwith up` for one home, however the last one ended."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.lock import Taken, only_one

HOLD = (
    "import sys; from pathlib import Path; from flows.lock import only_one\n"
    "with only_one(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
)


def test_a_second_one_is_told_who_holds_the_lock_until_the_holder_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "up.lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=-1, stdout=-1, text=True) as holder:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        with pytest.raises(Taken, match=f"^{holder.pid}$"), only_one(path):
            pytest.fail("two hold it")
        holder.kill()
    with only_one(path):
        assert path.read_text() == str(os.getpid())


def test_the_lock_is_let_go_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), only_one(tmp_path / "up.lock"):
        _ = 1 / 0
    with only_one(tmp_path / "up.lock"):
        pass
