"""`forthwith watchdog`: alarms when nobody watches the deadlines, and keeps the card for the day when everything else is down."""

import os
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from actions import clock
from actions.card_keys import RING, set_passphrase
from actions.card_opener import CannotOpen, open_card
from actions.desk import open_desk
from actions.errors import Conflict
from actions.keep_card import CARD, folder_of
from actions.moments import short
from actions.stand_watch import Look, stand_watch
from cli.door import Door, verb
from cli.paper import show_json
from cli.secret import FromStdin, asked, typed
from flows.lock import Taken, only_one

NEEDS_YOU = 2

app = typer.Typer(invoke_without_command=True)
Home = Annotated[
    Path | None, typer.Option("--home", metavar="FOLDER", help="The deployment.", show_default="FORTHWITH_HOME")
]


@app.callback()
def watchdog(
    ctx: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="Look once and end with 2 when nobody watches; for cron.")
    ] = False,
    home: Home = None,
) -> None:
    """Watch whether the deadlines are watched, until Ctrl-C; its own process, without Prefect."""
    if ctx.invoked_subcommand is None:
        _stand(Door(None, False, home), once)


@app.command("passphrase")
@verb
def passphrase(door: Door, from_stdin: FromStdin = False) -> None:
    """Set the passphrase that opens the break-glass card; nobody can find it out from this machine."""
    folder = folder_of(door.settings)
    before = (folder / RING).exists()
    set_passphrase(folder, typed(from_stdin, "Passphrase"))
    older = " Cards written before keep the passphrase that they had." if before else ""
    door.answer(
        {"passphrase": "set", "card": str(folder / CARD)},
        f"The passphrase is set; the next look writes the card to {folder / CARD}, and how to open it beside it.{older}",
        "Tell it to those who must act when everything is down, and keep it where this machine is not needed.",
    )


@app.command("open")
def open_(
    card: Annotated[Path, typer.Argument(help="The card's file.", show_default=False)],
    from_stdin: FromStdin = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of the text.")] = False,
) -> None:
    """Open a break-glass card; needs its passphrase and nothing else: no settings, no database, no key."""
    try:
        text = open_card(card.read_bytes(), asked(from_stdin, "Passphrase of the card"))
    except OSError as error:
        raise Conflict(f"{card} cannot be read: {error.strerror}.") from None
    except CannotOpen as error:
        raise Conflict(f"{card}: {error}") from None
    if as_json:
        show_json({"card": text})
    else:
        sys.stdout.write(text)


def _stand(door: Door, once: bool) -> None:
    """Look, say what was seen, and look again; one watchdog for one home."""
    folder = folder_of(door.settings)
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with only_one(folder / "lock"), open_desk(door.settings, door.actor) as desk:
            pause = threading.Event()
            while True:
                look = stand_watch(desk)
                _say(door, look, loud=once)
                if once:
                    raise typer.Exit(NEEDS_YOU if look.trouble or look.card else 0)
                pause.wait(door.settings.watchdog_seconds)
    except Taken as holder:
        raise Conflict(f"A watchdog stands here already, as process {holder}.") from None
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _say(door: Door, look: Look, *, loud: bool) -> None:
    at = short(clock.now())
    if look.trouble:
        reached = f"; told {', '.join(look.told)}" if look.told else "; nobody could be told" if look.tried else ""
        door.note(f"{at} ALARM: {look.trouble}{reached}")
    elif look.back:
        door.note(f"{at} The deadlines are watched again.")
    elif loud:
        door.note(f"{at} The deadlines are watched.")
    if look.card:
        door.note(f"{at} ALARM: {look.card}")
