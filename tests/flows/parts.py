"""Small processes that stand in for the parts of a running Forthwith."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from flows.part import Part

STEADY = "import os, sys, signal; os.write(int(sys.argv[1]), b'ready'); signal.pause()"
OBEDIENT = "import os, sys; os.write(int(sys.argv[1]), b'ready'); sys.stdin.read()"  # ends when the supervisor is gone
SHORT_LIVED = "import sys; sys.exit(3)"
WITH_A_RUN = (
    "import os, signal, subprocess, sys; run = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()']);"
    "open('run.pid', 'w').write(str(run.pid)); os.write(int(sys.argv[1]), b'ready'); signal.pause()"
)
STUBBORN = (
    "import os, sys, signal; [signal.signal(one, signal.SIG_IGN) for one in (signal.SIGTERM, signal.SIGINT)];"
    "os.write(int(sys.argv[1]), b'ready')\nwhile True: signal.pause()"
)


def a_part(folder: Path, script: str, name: str = "part") -> Part:
    """A part that runs a line of Python."""
    return Part(name, (sys.executable, "-c", script), dict(os.environ), folder)


def supervise(folder: Path, *scripts: str) -> "subprocess.Popen[str]":
    """A supervisor in a process of its own, whose standard output is what it tells."""
    code = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom flows.supervisor import Supervisor\n"
        "from tests.flows.parts import a_part\n"
        "parts = [a_part(Path(sys.argv[1]), script, f'part{n}') for n, script in enumerate(sys.argv[2:])]\n"
        "asyncio.run(Supervisor(parts, lambda who, what: print(who, what, flush=True)).run())\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder), *scripts],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def until(reached: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something that will surely come; gives up, loudly, long after it should have."""
    ends_at = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < ends_at, "it never came about"
        time.sleep(0.02)


def noted(folder: Path, name: str = "part0") -> int:
    """The process number in a part's note."""
    return int((folder / f"{name}.pid").read_text().split()[0])
