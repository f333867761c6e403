"""`forthwith bounces`: reads mails that came back, from a file, a folder or a Maildir."""

from pathlib import Path
from typing import Annotated

import typer

from actions.read_bounces import read_bounces
from actions.settle_events import settle_events
from cli.door import Door, verb


@verb
def bounces(
    door: Door, path: Annotated[Path, typer.Argument(help="One mail, a folder of mails, or a Maildir.")]
) -> None:
    """Read reports of failed delivery that came back by mail; one moves only the notice that went to the very address it names."""
    with door.desk() as desk:
        read = read_bounces(desk, path)
        settled = settle_events(desk)
    says = f"{read.mails} mails were read; {read.reports} reports about notices were in them, {settled} events are settled."
    door.answer({"done": says, "mails": read.mails, "reports": read.reports, "settled": settled}, says)
