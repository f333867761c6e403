"""A running Forthwith, as a person would start it, in a home of its own."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

import urllib3

from actions.desk import Desk
from flows.processes import born
from settings.model import Settings
from tests.flows.parts import noted, until

READY = "prefect: ready"


def a_free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class House:
    """One home, and the `forthwith up` that runs on it, if any."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(
            home=home,
            prefect_port=a_free_port(),
            web_port=a_free_port(),
            actor="manager@example.org",
            owner="manager@example.org",
            data_protection_officer="officer@example.org",
            organisation="Example Prosecution Office",
            contact_name="Data Protection Officer",
            contact_email="dpo@example.org",
            contact_phone="020 7946 0018",
        )
        told = {name: str(getattr(self.settings, name)) for name in self.settings.model_fields_set}
        self.environment = {**os.environ, **{f"FORTHWITH_{name.upper()}": value for name, value in told.items()}}
        self.up: subprocess.Popen[str] | None = None
        self.said: list[str] = []
        self._http = urllib3.PoolManager(retries=urllib3.Retry(5, backoff_factor=0.1))

    def start(self) -> "House":
        """Start it, and wait until it is ready."""
        self.said = []
        self.up = subprocess.Popen(
            [sys.executable, "-m", "cli", "up"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, args=(self.up.stdout,))
        self._listener.start()
        self.wait_for(READY)
        return self

    def wait_for(self, words: str, times: int = 1) -> None:
        """Wait until it has said something so many times; fails at once when it ended before."""

        def said() -> bool:
            done = sum(words in line for line in self.said) >= times
            assert done or (self.up and self.up.poll() is None), "".join(self.said) + self.log()
            return done

        until(said, 120)

    def _listen(self, out: IO[str]) -> None:
        with out:
            for line in out:
                self.said.append(line)  # one by one: whoever waits looks at it meanwhile

    def stop(self) -> int:
        """Ctrl-C; gives the exit code."""
        assert self.up is not None
        self.up.send_signal(signal.SIGINT)
        code = self.up.wait()
        self._listener.join()
        return code

    def end(self) -> None:
        """End everything, however the test went."""
        if self.is_up:
            self.stop()

    @property
    def is_up(self) -> bool:
        """Whether it runs."""
        return self.up is not None and self.up.poll() is None

    @property
    def is_reachable(self) -> bool:
        """Whether Prefect answers."""
        try:
            return self.call("GET", "/health")[0] == 200
        except urllib3.exceptions.HTTPError:
            return False

    @property
    def child(self) -> int:
        """The process that holds Prefect."""
        return noted(self.settings.home, "prefect")

    def log(self) -> str:
        """What that process wrote."""
        path = self.settings.home / "log" / "prefect.log"
        return path.read_text() if path.exists() else ""

    def desk(self, actor: str = "manager@example.org") -> Desk:
        """A desk on the house's database."""
        return Desk(self.settings, actor)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Call Prefect's API."""
        answer = self._http.request(method, f"{self.settings.api_url}{path}", json=body, headers=headers or None)
        return answer.status, json.loads(answer.data) if answer.data[:1] in b'{["' else answer.data

    def ask(self, flow: str, **parameters: str) -> str:
        """A run of that flow, as a manager starts it on Prefect's own page; asked again while Prefect's own SQLite is held (503)."""
        _, deployment = self.call("GET", f"/deployments/name/{flow}/{flow}")
        answers = list[tuple[int, Any]]()

        def answered() -> bool:
            path = f"/deployments/{deployment['id']}/create_flow_run"
            answers.append(self.call("POST", path, {"parameters": parameters}))
            return answers[-1][0] != 503

        until(answered)
        status, run = answers[-1]
        assert status == 201, run
        return str(run["id"])

    def run(self, run_id: str) -> dict[str, Any]:
        """What Prefect knows of a run."""
        told: dict[str, Any] = self.call("GET", f"/flow_runs/{run_id}")[1]
        return told

    def ended(self, run_id: str) -> dict[str, Any]:
        """The run, when it has ended."""
        until(lambda: self.run(run_id)["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"), 120)
        return self.run(run_id)

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """Nobody else can write to the database meanwhile: a run that begins comes to a stop in its first step."""
        with closing(sqlite3.connect(self.settings.home / "forthwith.db", timeout=60)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield

    def processes(self) -> list[int]:
        """Every process of this house that is alive."""
        mark = f"FORTHWITH_HOME={self.settings.home}".encode()
        return [int(one.name) for one in Path("/proc").glob("[0-9]*") if born(int(one.name)) and _bears(one, mark)]


def _bears(process: Path, mark: bytes) -> bool:
    try:
        return mark in (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
