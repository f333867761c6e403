"""The door behind every verb: who acts, in which home, how the answer is shown; and the flow runs that an act wishes for."""

import functools
import inspect
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec

import typer
from rich.console import RenderableType

from actions import clock
from actions.desk import Desk, find, open_desk
from actions.errors import Conflict
from cli.paper import note, show, show_json
from cli.words import next_steps, present
from db.queries.waiting import waits_for
from flows.ask import start
from settings.model import Settings, load

P = ParamSpec("P")

Reference = Annotated[str, typer.Argument(help="The incident, such as FW-2026-0001.", show_default=False)]
Number = Annotated[int, typer.Argument(min=1, show_default=False)]

_As = Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who acts.", show_default="FORTHWITH_ACTOR")]
_Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of pages for people.")]
_Home = Annotated[
    Path | None, typer.Option("--home", metavar="FOLDER", help="The deployment.", show_default="FORTHWITH_HOME")
]
_COMMON: dict[str, tuple[Any, Any]] = {"acting_as": (_As, None), "as_json": (_Json, False), "home": (_Home, None)}


class Door:
    """One call of the command line."""

    def __init__(self, acting_as: str | None, as_json: bool, home: Path | None) -> None:
        if home:
            os.environ["FORTHWITH_HOME"] = str(home)  # what this call starts, or logs, finds the same home
        self.as_json = as_json
        self.settings: Settings = load()
        self.actor = acting_as or self.settings.actor

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """A desk on a deployment that is there already. Raises Conflict when there is none: reading founds nothing."""
        with open_desk(self.settings, self.actor) as desk:
            path = desk.database.url.database or ""
            if desk.database.is_sqlite and not Path(path).exists():
                raise Conflict(
                    f"Nothing is kept in {self.settings.home} yet: declare an incident, run 'forthwith up', or name another place with --home."
                )
            yield desk

    def answer(self, told: Mapping[str, Any], *page: RenderableType) -> None:
        """Answer a question."""
        if self.as_json:
            show_json(told)
        else:
            show(*page)

    def done(self, desk: Desk, incident: str, sentence: str, *page: RenderableType, **told: Any) -> None:
        """Say what an act did, ask Prefect for the runs that it wishes for, and say what the incident waits for now."""
        runs = _runs(desk)
        with desk.reading() as session:
            found = find(session, incident)
            waiting = [] if found.closed_at else waits_for(session, found, clock.real_now())
            after = [*_after(runs, found.reference), *next_steps(waiting, found.time_zone, present(session, found))]
        self.answer(
            {
                "incident": found.reference,
                "done": sentence,
                **told,
                "runs": runs,
                "waits_for": [one.as_json() for one in waiting],
            },
            sentence,
            *page,
            *after,
        )

    def note(self, sentence: str) -> None:
        """Tell a person something beside the answer."""
        note(sentence)


def verb(work: Callable[Concatenate[Door, P], None]) -> Callable[P, None]:
    """Give a verb the options that all share: --as, --json, --home."""
    own = inspect.signature(work)
    mine = list(own.parameters.values())[1:]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in _COMMON.items()
    ]

    @functools.wraps(work)
    def opened(*args: P.args, **kwargs: P.kwargs) -> None:
        common = {name: kwargs.pop(name, default) for name, (_, default) in _COMMON.items()}
        work(Door(**common), *args, **kwargs)  # type: ignore[arg-type]  # Typer has checked them by the annotations above

    # Typer reads these two, and would follow __wrapped__ past them.
    opened.__signature__ = own.replace(parameters=[*mine, *shared])  # type: ignore[attr-defined]  # inspect's own protocol
    opened.__annotations__ = {one.name: one.annotation for one in [*mine, *shared]}
    del opened.__wrapped__
    return opened


def _runs(desk: Desk) -> list[dict[str, Any]]:
    wishes = {wish.id: wish for wish in desk.asked}.values()
    return [{"flow": wish.flow, "because": wish.because, "started": bool(start(desk, [wish]))} for wish in wishes]


def _after(runs: list[dict[str, Any]], reference: str) -> Iterator[RenderableType]:
    if any(run["started"] for run in runs):
        yield f"A run of {runs[0]['flow']} was asked for; 'forthwith show {reference}' tells in a moment what came of it."
    elif runs:
        yield "Prefect is away: the act counts, and the watch moves the incident on once 'forthwith up' runs."
