"""A worker with nothing around it: sends one wave until nothing is left, in a process that a test may kill at any moment.

python -m tests.crash.worker HOME DATABASE_URL SENDGRID_URL WAVE_ID
"""

import sys
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr

from actions.deliver import deliver
from actions.desk import Desk
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


def main(home: str, database_url: str, sendgrid_url: str, wave_id: str) -> None:
    """Send until nothing more can go at once."""
    with Desk(settings_of(Path(home), database_url, sendgrid_url), "worker@example.org") as desk:
        while deliver(desk, UUID(wave_id)).go_on:
            pass


if __name__ == "__main__":
    main(*sys.argv[1:])
