"""Lists of people on the command line: looked at first, taken in whole, or the good rows first and the others when they are mended."""

from pathlib import Path
from typing import Annotated

import typer

from actions.bad_people import BadPeople, Problem
from actions.bad_rows import write_bad_rows
from actions.heading import read_mapping
from actions.import_people import Imported, import_people
from actions.preview_people import preview_people
from cli.door import Door, Reference, verb
from cli.paper import far_on, note, table
from cli.words import count

SHOWN = 20
File = Annotated[
    Path, typer.Argument(help="A CSV file in UTF-8, or an XLSX spreadsheet; one person a row.", show_default=False)
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="HEADING=COLUMN", help="What their column stands for; nothing after = leaves it out."
    ),
]
Bad = Annotated[
    Path | None,
    typer.Option("--bad", metavar="FILE", help="Write the rows that are wrong into this new CSV file, to be mended."),
]
GoodRows = Annotated[
    bool, typer.Option("--good-rows", help="Enter the good rows now; the others wait, with a task, until mended.")
]


@verb
def import_list(
    door: Door,
    incident: Reference,
    file: File,
    mapping: Map = None,
    bad: Bad = None,
    good_rows: GoodRows = False,
) -> None:
    """Take in a list of people, whole or not at all."""
    with door.desk() as desk:
        try:
            with far_on("checked and sealed") as heard:
                done = import_people(
                    desk,
                    incident,
                    file,
                    mapped=read_mapping(mapping or ()),
                    good_rows=good_rows,
                    bad=write_bad_rows(bad) if bad else None,
                    progress=lambda done, rows, _wrong: heard(done, rows),
                )
        except BadPeople as refused:
            _show_problems(refused.problems, refused.count)
            if bad and bad.exists():
                note(
                    f"The rows that are wrong are in {bad} (the accused and third parties beside it): mend them there; --good-rows enters the others meanwhile."
                )
            raise
        for first, second in done.alike:
            note(f"Rows {first} and {second} are probably one person under two references; nothing was merged.")
        door.done(
            desk, incident, _told(done), **{name: value for name, value in done.__dict__.items() if name != "alike"}
        )


def _told(done: Imported) -> str:
    already = f", {done.already:,} were on the ledger already" if done.already else ""
    flagged = f"; {done.flagged:,} more are flagged, since they share a way to be reached" if done.flagged else ""
    left_out = f"; {count(done.left_out, 'row')} left out, to be mended" if done.left_out else ""
    return f"{count(done.added, 'person', 'people')} entered of {count(done.rows, 'row')}{already}{flagged}{left_out}."


@verb
def preview_list(door: Door, incident: Reference, file: File, mapping: Map = None) -> None:
    """Show what a list's columns stand for and what is wrong in its first rows; nothing is taken in."""
    with door.desk() as desk:
        seen = preview_people(desk, incident, file, read_mapping(mapping or ()))
    rows = ((one.heading, one.column or "left out", "   ".join(one.samples)) for one in seen.columns)
    _show_problems(seen.problems, len(seen.problems))
    door.answer(
        seen.as_json(),
        table(("their column", "ours", "masked samples"), rows, fixed=(0, 1)),
        f"{count(seen.rows, 'row')} looked at, {count(len(seen.problems), 'problem')}. Nothing was taken in.",
    )


def _show_problems(problems: tuple[Problem, ...], whole: int) -> None:
    """The first of them as lines; the refusal's own sentence follows."""
    for problem in problems[:SHOWN]:
        note(str(problem))
    if whole > SHOWN:
        note(f"... and {whole - SHOWN} more.")
