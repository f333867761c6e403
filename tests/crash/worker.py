"""A nursery of workers with nothing around them, each in a process that a test may kill at any moment.

python -m tests.crash.worker HOME DATABASE_URL SENDGRID_URL WAVE_ID
For each line that it reads it forks a worker, which sends until nothing is left for it, and writes the worker's process id.
"""

import os
import signal
import sys
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr

from actions import pace
from actions.deliver import deliver
from actions.desk import Desk
from actions.lease import Busy
from settings.model import Settings
from tests.fakes.sendgrid import KEY


def settings_of(home: Path, database_url: str, sendgrid_url: str) -> Settings:
    """A deployment that sends through the fake, as fast as it takes messages."""
    return Settings(
        home=home,
        database_url=database_url,
        email_channel="sendgrid",
        sendgrid_host=sendgrid_url,
        sendgrid_api_key=SecretStr(KEY),
        rate_per_second=100_000,
        unknown_settles_after_minutes=1,
    )


def work(settings: Settings, wave_id: UUID) -> None:
    """Send until nothing more can go at once, or others send all of it."""
    pace.FIRST_PAUSE = 0.02  # a fake that is tired has slept after that
    with Desk(settings, "worker@example.org") as desk:
        try:
            while deliver(desk, wave_id).go_on:
                pass
        except Busy:
            return


def main(home: str, database_url: str, sendgrid_url: str, wave_id: str) -> None:
    """Fork a worker for each line, until there are no more; whoever ends is not waited for."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            work(settings_of(Path(home), database_url, sendgrid_url), UUID(wave_id))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
