"""The `forthwith` command: knows every verb by name, and loads only the one that is called."""

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from cli.verbs import VERBS, Verb
from settings import __version__

_BY_NAME = {verb.name: verb for verb in VERBS}


class Shelf(TyperGroup):
    """Holds a stand-in for each verb, enough for help and completion; the real one is fetched when it is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The real verb. An unknown one is refused with a suggestion."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, fetched(_BY_NAME[args[0]]), rest


def fetched(verb: Verb) -> Any:
    """The command behind a verb, loaded now."""
    module, attribute = verb.place.split(":")
    found = getattr(import_module(f"cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        group = typer.main.get_group(found)
        group.help = verb.says
        return group
    alone = typer.Typer(add_completion=False)
    alone.command(verb.name)(found)
    return typer.main.get_command(alone)


app = typer.Typer(
    cls=Shelf,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"forthwith {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Moves a personal-data breach from detection to closure inside every legal deadline, and keeps proof of each step."""


forthwith = typer.main.get_group(app)
for one in VERBS:
    forthwith.add_command(TyperCommand(one.name, help=one.says, rich_help_panel=one.panel))
