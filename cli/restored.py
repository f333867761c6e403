"""`forthwith restored`: says that database and home folder were restored together, which no machine can find out by itself."""

from typing import Annotated

import typer

from actions.errors import Conflict
from actions.start_paused import start_paused
from cli.door import Door, verb


@verb
def restored(
    door: Door,
    reasons: Annotated[str, typer.Option(help="What was restored, and from when.")],
) -> None:
    """Pause every wave after a restore from a backup; what was still to be sent counts as possibly sent, and is settled by evidence."""
    if not reasons.strip():
        raise Conflict("Say in a sentence what was restored, and from when (--reasons); it is kept in the record.")
    with door.desk() as desk:
        unknown = start_paused(desk, reasons.strip(), all_queued=True)
    says = f"Every wave is paused, and {unknown} notices count as possibly sent; a task for each wave says what to do."
    door.answer({"done": says, "became_unknown": unknown}, says)
