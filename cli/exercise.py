"""`forthwith exercise`: replays a breach through the real flows, in a folder of its own, on a clock of its own."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from actions.errors import Conflict
from actions.found import found
from cli.chronology import chronology
from cli.door import Door, verb
from cli.paper import clean, draw, heading, pairs, show
from flows.environment import environment
from flows.fresh import lay_down
from flows.scenario import BadScenario, Scenario, read, scenarios
from settings.model import Settings

QUIET = {"PREFECT_LOGGING_TO_API_ENABLED": "false", "PREFECT_LOGGING_LEVEL": "WARNING"}
"""An exercise's Prefect server ends with it; nobody will read its logs there."""

app = typer.Typer(no_args_is_help=True, help="Replay a breach as an exercise; nothing leaves the building.")


@app.command("list")
@verb
def list_(door: Door) -> None:
    """List the exercises that are shipped."""
    titles = {name: read(name)[0].title for name in scenarios()}
    door.answer({"exercises": titles}, pairs(titles.items()))


@app.command()
@verb
def run(
    door: Door,
    name: Annotated[str, typer.Argument(help="A shipped exercise, or a folder with a scenario.yaml.")] = "cps-2016",
    folder: Annotated[
        Path | None, typer.Option(help="A new folder for all that it makes.", show_default="(temporary)")
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="Also draw the end as an SVG picture.")] = None,
) -> None:
    """Play an exercise from the finding to the closure, and show what law, Forthwith and the real case did."""
    try:
        scenario, _ = read(name)
    except BadScenario as error:
        raise Conflict(str(error)) from None
    settings = _place(folder, scenario)
    told: list[dict[str, Any]] = []
    for line in _play(name, settings):
        line["waits_anew"] = not told or told[-1].get("waits_for") != line.get("waits_for")
        told.append(line)
        if not door.as_json:
            show(*_page(line, settings))
    if not told or told[-1]["kind"] != "end":
        raise RuntimeError(f"the exercise ended early; its log is {settings.home / 'log'}")
    if picture:
        draw(picture, f"forthwith exercise run {name}", *_end(told[-1], settings))
    if door.as_json:
        door.answer({"exercise": name, "folder": str(settings.home.parent), "lines": told})


def _place(folder: Path | None, scenario: Scenario) -> Settings:
    """A deployment of its own, with the scenario's organisation, in a folder that holds nothing yet."""
    if folder is not None and folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} is not empty; name a new folder with --folder.")
    place = (folder or Path(tempfile.mkdtemp(prefix="forthwith-exercise-"))).absolute()
    own = {"home": place / "home", "outbox": place / "outbox", "prefect_port": _free_port(), **scenario.organisation}
    settings = Settings(**own, database_url="", prefect_api_url="")
    found(settings)
    lines = (
        f"{key} = {json.dumps(str(value) if isinstance(value, Path) else value)}\n"
        for key, value in own.items()
        if key != "home"
    )
    (settings.home / "settings.toml").write_text("".join(lines), encoding="utf-8")
    lay_down(settings.home / "prefect")
    return settings


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _play(name: str, settings: Settings) -> Iterator[dict[str, Any]]:
    """Run the exercise in a process that has only the exercise's environment; yields its lines as they come."""
    bare = {key: value for key, value in os.environ.items() if not key.startswith("FORTHWITH_")}
    log = settings.home / "log"
    log.mkdir(mode=0o700, exist_ok=True)
    command = [sys.executable, "-m", "flows.replay", name]
    with (
        (log / "exercise.log").open("wb") as errors,
        subprocess.Popen(  # noqa: S603 - our own interpreter and module; the name was looked up before
            command, env=environment(settings, bare) | QUIET, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        for line in process.stdout or ():
            if line.startswith("{"):
                yield json.loads(line)
    if process.returncode:
        raise RuntimeError(f"the exercise ended with code {process.returncode}; see {log / 'exercise.log'}")


def _page(line: dict[str, Any], settings: Settings) -> Iterator[RenderableType]:
    match line["kind"]:
        case "start":
            yield heading(f"EXERCISE  {line['title']}")
            yield f"Played under the law of {datetime.fromisoformat(line['law_as_of']):%d %B %Y}. Its channels are sealed: nothing of it can leave this machine."
        case "ready":
            yield Text(clean(f"Prefect runs at {line['api']}; the flows are the real ones.\n"), "dim")
        case "step":
            yield from _step(line)
        case "end":
            yield from _end(line, settings)


def _step(line: dict[str, Any]) -> Iterator[RenderableType]:
    at = datetime.fromisoformat(line["at"])
    more = f" and {line['more']} more" if line["more"] else ""
    rows = [Text(clean(line["say"]), "bold"), Text(clean(f"{line['by']}: {line['did']}"))]
    if line["waits_for"] and line["waits_anew"]:
        rows.append(Text(clean(f"waits for: {line['waits_for']}{more}"), "dim", overflow="ellipsis", no_wrap=True))
    yield pairs((f"{at:%a %d %b %H:%M}" if place == 0 else " " * 16, words) for place, words in enumerate(rows))


def _end(line: dict[str, Any], settings: Settings) -> Iterator[RenderableType]:
    yield ""
    yield heading("What the law demanded, what Forthwith did, what really happened")
    yield chronology(line["chronology"])
    yield ""
    yield heading("The evidence")
    verdict = "every entry follows from the one before it" if line["sound"] else "THE RECORD DOES NOT HOLD"
    yield pairs(
        [
            ("journal", f"{line['entries']} entries; {verdict}"),
            ("evidence", _near(line["evidence"])),
            ("check it", f"python3 {_near(Path(line['evidence']) / 'verify.py')}"),
            ("messages", _near(settings.outbox_folder)),
            ("look around", f"forthwith show {line['reference']} --home {_near(settings.home)}"),
            ("dashboard", f"forthwith account add you --role manager --home {_near(settings.home)}"),
            ("", f"forthwith up --home {_near(settings.home)}, then {settings.web_url}incidents/{line['reference']}"),
        ]
    )
    yield "A deadline shown here is counted, not advised: Forthwith is no lawyer."


def _near(path: Path | str) -> str:
    """The path as one would type it here."""
    path, here = Path(path), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
