"""How long `respond` takes on an incident with nothing to do, beside an empty flow on the same server."""

import asyncio
import os
import socket
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.found import found
from flows.environment import environment
from flows.fresh import lay_down
from settings.model import load

TIMES = 9
FACTS = {
    "organisation.roles": ["controller", "competent_authority"],
    "events.detected": "2026-11-20T10:00+00:00",
    "events.aware": "2026-11-20T10:00+00:00",
    "data": ["name", "video"],
    "people.GB": 15,
    "risk": "high",
}


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def took(work: Callable[[], Awaitable[object]]) -> float:
    """Median seconds of one run, after a first one that warms up."""
    await work()
    seconds = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await work()
        seconds.append(time.perf_counter() - began)
    return median(seconds)


async def main() -> None:
    """Run both and say how they compare."""
    settings = load()
    with Desk(settings, "manager@example.org") as desk:
        incident = declare(desk, Declaration(title="Nothing to do", facts=FACTS))
    with server(settings):
        nothing, answered = await took(empty), await took(lambda: respond(incident.id))
    print(
        f"empty flow {nothing * 1000:.0f} ms, respond {answered * 1000:.0f} ms, of which ours {(answered - nothing) * 1000:.0f} ms"
    )


if __name__ == "__main__":
    if "PREFECT_HOME" not in os.environ:  # Prefect reads its settings when it is imported
        with tempfile.TemporaryDirectory() as folder:
            own = load(home=Path(folder), prefect_port=free_port())
            found(own)
            lay_down(own.home / "prefect")
            around = environment(own, os.environ) | {
                "FORTHWITH_PREFECT_PORT": str(own.prefect_port),
                "PREFECT_LOGGING_LEVEL": "CRITICAL",
            }
            sys.exit(os.spawnve(os.P_WAIT, sys.executable, [sys.executable, __file__], around))
    from prefect import flow

    from flows.replay import server
    from flows.respond import respond

    @flow(name="empty")
    async def empty() -> None:
        """Does nothing."""

    asyncio.run(main())
