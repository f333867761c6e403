"""`forthwith doctor`: says what is configured, what is missing, and whether the watch is alive."""

from dataclasses import asdict

import typer
from rich.console import RenderableType
from rich.text import Text

from actions.desk import open_desk
from actions.errors import Conflict
from cli.checkup import Finding, State, findings
from cli.door import Door, verb
from cli.paper import clean, table
from cli.words import count

NEEDS_YOU = 2
_STYLES: dict[State, str] = {"well": "green", "note": "yellow", "wrong": "bold red"}


@verb
def doctor(door: Door) -> None:
    """Say what is configured, what is missing, and whether the watch is alive. Ends with 2 when something needs you."""
    if not door.settings.home.exists():
        raise Conflict(f"There is nothing in {door.settings.home} yet; 'forthwith up' founds a deployment there.")
    with open_desk(door.settings, door.actor) as desk:
        found = list(findings(desk))
    wrong = [one for one in found if one.state == "wrong"]
    sentence = f"{count(len(wrong), 'thing needs', 'things need')} you." if wrong else "All is well."
    door.answer({"well": not wrong, "findings": [asdict(one) for one in found]}, _page(found), sentence)
    if wrong:
        raise typer.Exit(NEEDS_YOU)


def _page(found: list[Finding]) -> RenderableType:
    return table(
        ("", "what", "says"),
        ((Text(one.state, _STYLES[one.state]), one.what, _words(one)) for one in found),
        fixed=(0, 1),
    )


def _words(one: Finding) -> str:
    return clean(f"{one.says}. {one.do[:1].upper()}{one.do[1:]}." if one.do else one.says)
