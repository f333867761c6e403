"""`forthwith people`: the ledger of those affected; names are sealed, so lists show numbers."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from actions.columns import COLUMNS, REQUIRED
from actions.content import Content
from actions.correct_person import correct_person
from actions.desk import find
from actions.errors import Conflict, NotFound
from actions.flag_person import flag_person
from actions.moments import spelt
from actions.prove_person import prove_person
from actions.read_script import read_notices
from actions.view_flagged import view_flagged
from cli.decide import Reasons
from cli.door import Door, Number, Reference, verb
from cli.lists import import_list, preview_list
from cli.paper import heading, pairs, table
from cli.words import count, plain
from db.models import Incident, Notice
from db.models.person import AFFECTED_KINDS, FLAGS
from db.queries.held_back import holds_standing
from db.queries.notices import wave_by_number
from db.queries.numbers import in_all, numbers_by_kind
from db.queries.people import Behind, listed

app = typer.Typer(no_args_is_help=True)
LEDGER = ("no", "kind", "flags", "channel", "state")
SETS = ("affected", "told", "substitute", "exempt", "unreachable", "pending")


app.command("import")(import_list)
app.command("preview")(preview_list)


@app.command("columns")
@verb
def columns(door: Door) -> None:
    """List the columns that such a file may have."""
    told = {name: column.says for name, column in COLUMNS.items()}
    door.answer({"columns": told, "required": list(REQUIRED)}, pairs(told.items()), f"Required: {', '.join(REQUIRED)}.")


@app.command("list")
@verb
def list_people(door: Door, incident: Reference) -> None:
    """List those on the ledger by number, with what became of each."""
    with door.desk() as desk, desk.reading() as session:
        told = [one.as_json() for one in listed(session, find(session, incident).id)]
    if not told:
        door.answer({"people": []}, "Nobody is on the ledger yet.")
        return
    door.answer({"people": told}, *_ledger(told))


def _row(told: dict[str, Any]) -> tuple[str, ...]:
    flags = ", ".join([*map(plain, told["flags"]), *(["DECEASED"] if told["deceased"] else [])])
    return (
        str(told["number"]),
        plain(told["kind"]),
        flags,
        plain(told["channel"] or "-"),
        told["state"] or "no notice yet",
    )


@app.command("balance")
@verb
def show_balance(
    door: Door,
    incident: Reference,
    wave: Annotated[int | None, typer.Option(min=1, help="The people of this wave alone.", show_default=False)] = None,
    kind: Annotated[str, typer.Option(help="One kind of people alone.", show_default=False)] = "",
    behind: Annotated[
        str, typer.Option("--list", help=f"Who is behind one number: {', '.join(SETS)}.", show_default=False)
    ] = "",
    first: Annotated[int, typer.Option("--from", min=1, help="From this number on.")] = 1,
    most: Annotated[int, typer.Option(min=1, help="At most so many.")] = 200,
) -> None:
    """Account for everyone: affected = told + substitute + exempt + unreachable + pending."""
    with door.desk() as desk, desk.reading() as session:
        found = find(session, incident)
        wave_id = _wave(session, found, wave)
        kinds = numbers_by_kind(session, found.id, wave_id)
        _check(behind, kind)
        who = Behind(behind, kind, wave_id)
        held = holds_standing(session, found.id)
        rows = [one.as_json() for one in listed(session, found.id, who, first=first, most=most)] if behind else []
    told = {"all": in_all(kinds.values()).as_json()} | {name: one.as_json() for name, one in kinds.items()}
    told = {name: one for name, one in told.items() if kind in ("", name)}
    heads = ("who", *SETS)
    lines = ((plain(name), *(f"{number:,}" for number in one.values())) for name, one in told.items())
    later = [
        f"Of those pending {one.people:,} are held back lawfully until the review of hold {one.number}, {spelt(one.review_at)}."
        for one in held
    ]
    known = {"incident": found.reference, "wave": wave, "balance": told, "held_back": [one.as_json() for one in held]}
    page = (table(heads, lines, fixed=range(len(heads))), *later, *(_ledger(rows) if behind else ()))
    door.answer(known | ({"people": rows} if behind else {}), *page)


def _wave(session: Session, incident: Incident, number: int | None) -> UUID | None:
    if number is None:
        return None
    wave = wave_by_number(session, incident.id, number)
    if wave is None:
        raise NotFound(
            f"{incident.reference} has no wave {number}; 'forthwith wave list {incident.reference}' shows them."
        )
    return wave.id


def _check(behind: str, kind: str) -> None:
    if behind and behind not in SETS:
        raise Conflict(f"{behind!r} is no number of the balance; they are {', '.join(SETS)}.")
    if kind and kind not in AFFECTED_KINDS:
        raise Conflict(f"{kind!r} is no kind of people who are told; they are {', '.join(AFFECTED_KINDS)}.")


def _ledger(rows: list[dict[str, Any]]) -> Iterator[Any]:
    yield table(LEDGER, map(_row, rows), fixed=(0, 1)) if rows else "Nobody is here."


@app.command("correct")
@verb
def correct(
    door: Door,
    incident: Reference,
    number: Number,
    cells: Annotated[
        list[str], typer.Argument(metavar="COLUMN=VALUE...", help="An empty value takes it away.", show_default=False)
    ],
    reasons: Reasons = "",
) -> None:
    """Correct what is known of one person; what was not sent yet is called back."""
    changes = dict(_cell(cell) for cell in cells)
    with door.desk() as desk:
        correct_person(desk, incident, number, changes, reasons)
        door.done(
            desk,
            incident,
            f"Person {number} is corrected: {', '.join(sorted(changes))}.",
            person=number,
            columns=sorted(changes),
        )


@app.command("flag")
@verb
def flag(
    door: Door,
    incident: Reference,
    number: Number,
    why: Annotated[str, typer.Argument(metavar="FLAG", help=f"{', '.join(FLAGS)}.", show_default=False)],
    reasons: Reasons = "",
) -> None:
    """Flag one person: from now on a person tells them, and no message does."""
    with door.desk() as desk:
        flag_person(desk, incident, number, why, reasons)
        door.done(
            desk,
            incident,
            f"Person {number} is flagged ({plain(why)}): only a person tells them from now on.",
            person=number,
            flag=why,
        )


def _cell(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals:
        raise Conflict("Write each change as COLUMN=VALUE; 'forthwith people columns' lists the columns.")
    return name.strip(), value


@app.command("show")
@verb
def show(door: Door, incident: Reference, number: Number) -> None:
    """Show what is on record of one person, names included. For a flagged one, that you looked is recorded."""
    with door.desk() as desk:
        view = view_flagged(desk, incident, number)
    flags = json.loads(view.person.flags)
    known = {"person": number, "flags": flags, "deceased": view.person.deceased, "details": view.details.cells}
    door.answer(known, pairs([("flags", ", ".join(map(plain, flags)) or "none"), *view.details.cells.items()]))


@app.command("proof")
@verb
def proof(
    door: Door,
    incident: Reference,
    number: Number,
    out: Annotated[Path, typer.Option(help="Where to put the page (PDF).", show_default=False)],
    sent: Annotated[Path | None, typer.Option(help="A folder for the messages themselves.", show_default=False)] = None,
) -> None:
    """Prove what one person was told, on a page that names nobody. That you made it is recorded."""
    with door.desk() as desk:
        made = prove_person(desk, incident, number)
    out.write_bytes(made.pdf)
    files = [(place, *one.file) for place, one in enumerate(made.sent, 1) if one.file] if sent else []
    for place, ending, data in files:
        (sent or out.parent).mkdir(parents=True, exist_ok=True)
        ((sent or out.parent) / f"{place}.{ending}").write_bytes(data)
    saved = f", and {count(len(files), 'message')} in {sent}" if sent else ""
    known = {
        "person": number,
        "proof": str(out),
        "sha256": hashlib.sha256(made.pdf).hexdigest(),
        "messages": len(files),
    }
    door.answer(known, f"The proof for person {number} is in {out}{saved}.")


@app.command("read")
@verb
def read(door: Door, incident: Reference, number: Number) -> None:
    """Read what was written to one person, exactly as it is kept. That you looked is recorded."""
    with door.desk() as desk:
        found = read_notices(desk, incident, number)
    told = [_told(notice, content) for notice, content in found]
    page = [
        part
        for notice, content in found
        for part in (heading(f"{plain(notice.channel)}, {notice.state}"), words_of(content))
    ]
    door.answer({"person": number, "notices": told}, *(page or ["Nothing was drafted for this person."]))


def words_of(content: Content) -> str:
    """What is said or sent: the script of a call, or subject and text."""
    to = "\n".join(filter(None, (content.to_name, content.to_address, *content.address_lines)))
    return "\n\n".join(filter(None, (to, content.subject, content.script or content.text)))


def _told(notice: Notice, content: Content) -> dict[str, Any]:
    return {
        "channel": notice.channel,
        "state": notice.state,
        "to": notice.told_to,
        "sha256": notice.content_sha256,
        "subject": content.subject,
        "words": content.script or content.text,
    }
