"""`forthwith report`: reports to authorities, from the draft to the filing with its proof."""

from pathlib import Path
from typing import Annotated, Any

import typer

from actions.call_record import Call
from actions.desk import Desk, find
from actions.errors import Conflict, NotFound
from actions.file_report import Filing, file_report
from actions.filing_policy import readiness
from actions.moments import left, read_moment, short, spelt
from actions.phone_script import phone_script
from actions.withdraw_report import withdraw_report
from cli.door import Door, Number, Reference, verb
from cli.paper import pairs, table
from cli.report_answers import changes, data, missing, told_before
from cli.send_report import Together, said_of, send, take_back
from cli.words import banner, plain, present
from db.models import Obligation, Report
from db.queries import work
from db.queries.dispatches import dispatches_of
from db.queries.incidents import exercise_of
from notices.filled import read_back
from notices.sheet import sheet as copy_sheet

app = typer.Typer(no_args_is_help=True)
app.command("send")(send)
app.command("not-sent")(take_back)
app.command("missing")(missing)
app.command("changes")(changes)
app.command("data")(data)
app.command("told")(told_before)


@app.command("list")
@verb
def list_reports(door: Door, incident: Reference) -> None:
    """List the reports, drafts included."""
    with door.desk() as desk, desk.reading() as session:
        found = find(session, incident)
        at = present(session, found)
        told = [
            _told(report, duty) | {"left": left(duty.due_at, at) if duty.due_at and duty.state == "open" else None}
            for report, duty in work.reports(session, found.id)
        ]
    if not told:
        door.answer({"reports": []}, "There is no report yet; 'forthwith draft' draws up what is owed.")
        return
    rows = (
        (
            str(one["number"]),
            one["state"],
            f"{one['duty']} to {one['authority']}\n{plain(one['stage'])} report",
            _when(one),
        )
        for one in told
    )
    door.answer({"reports": told}, table(("no", "state", "for", "limit or filing (UTC)"), rows, fixed=(0, 1)))


@app.command("show")
@verb
def show_report(
    door: Door,
    incident: Reference,
    number: Number,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the PDF there.", show_default=False)] = None,
    sheet: Annotated[
        bool, typer.Option("--sheet", help="The whole sheet for typing into the authority's form.")
    ] = False,
    script: Annotated[bool, typer.Option("--script", help="The script for giving it by telephone.")] = False,
) -> None:
    """Show one report: its state, what it lacks, and the words to be approved."""
    with door.desk() as desk, desk.reading() as session:
        found = find(session, incident)
        report, duty = _of(desk, incident, number)
        top = list(banner(exercise_of(session, found)))
        itself = [one for one in readiness(session, desk.settings, found) if one.report == number]
        left = [said_of(one, number, duty.time_zone) for one in dispatches_of(session, report.id)]
    if pdf:
        pdf.write_bytes(report.pdf)
    about = pairs(_about(report, duty))
    words = (
        copy_sheet(read_back(report.content))
        if sheet
        else phone_script(door.settings, report, duty)
        if script
        else f"'--sheet' shows every answer; '--pdf FILE' writes the PDF ({len(report.pdf):,} bytes)."
    )
    told = _told(report, duty) | {"content": report.content, "filed_by_itself": [vars(one) for one in itself]}
    door.answer(told, *top, about, *left, *(one.says(found.time_zone) for one in itself), words)


@app.command("file")
@verb
def file(
    door: Door,
    incident: Reference,
    number: Number,
    reference: Annotated[str, typer.Option(help="The authority's reference for it.", show_default=False)] = "",
    proof: Annotated[
        Path | None,
        typer.Option(help="The acknowledgement: a saved page, PDF, e-mail or note of the call.", show_default=False),
    ] = None,
    channel: Annotated[str, typer.Option(help="portal, email, phone or post.")] = "portal",
    filed_at: Annotated[str | None, typer.Option(help="When it was sent.", show_default="now")] = None,
    late_reasons: Annotated[str, typer.Option(help="Why it is late, if it is.", show_default=False)] = "",
    spoken_to: Annotated[str, typer.Option(help="By phone: who took it.", show_default=False)] = "",
    number_called: Annotated[str, typer.Option(help="By phone: on which number.", show_default=False)] = "",
    note: Annotated[str, typer.Option(help="By phone: what was said.", show_default=False)] = "",
    together: Together = "",
) -> None:
    """Record that an approved report was sent, with its proof; a call is its own proof."""
    name, held = ("", b"") if channel == "phone" and proof is None else _proof(proof)
    call = Call(spoken_to, number_called, note) if channel == "phone" else None
    moment = read_moment(filed_at, "--filed-at") if filed_at else None
    filing = Filing(channel, reference, name, held, moment, late_reasons, call, together)
    with door.desk() as desk:
        report = file_report(desk, incident, number, filing)
        _, duty = _of(desk, incident, number)
        how = "LATE, with the reasons on record" if report.late else "in time"
        sentence = f"Report {number} is filed {how}: {spelt(report.filed_at or duty.born_at or report.drafted_at, duty.time_zone)}, reference {report.authority_reference}."
        door.done(desk, incident, sentence, report=_told(report, duty))


@app.command("withdraw")
@verb
def withdraw(
    door: Door,
    incident: Reference,
    number: Number,
    reasons: Annotated[
        str, typer.Option(help="Why it was no breach, or what was notified in error.", show_default=False)
    ],
) -> None:
    """Draw up the withdrawal of a filed report; someone else approves it, and it is filed like any report."""
    with door.desk() as desk:
        made = withdraw_report(desk, incident, number, reasons)
        _, duty = _of(desk, incident, made.number)
        sentence = (
            f"Report {made.number} withdraws report {number}; someone who wrote none of its words must approve it."
        )
        door.done(desk, incident, sentence, report=_told(made, duty))


def _proof(path: Path | None) -> tuple[str, bytes]:
    if path is None:
        return "", b""
    try:
        return path.name, path.read_bytes()
    except OSError as trouble:
        raise Conflict(f"The proof {path} cannot be read: {trouble.strerror}.") from None


def _of(desk: Desk, incident: str, number: int) -> tuple[Report, Obligation]:
    with desk.reading() as session:
        found = find(session, incident)
        held = work.report(session, found.id, number)
        if held is None:
            raise NotFound(
                f"{found.reference} has no report {number}; 'forthwith report list {found.reference}' shows them."
            )
        return held


def _told(report: Report, duty: Obligation) -> dict[str, Any]:
    names = (
        "number",
        "form",
        "stage",
        "version",
        "state",
        "missing",
        "content_sha256",
        "facts_as_of",
        "drafted_at",
        "drafted_by",
        "filed_at",
        "filed_by",
        "channel",
        "authority_reference",
        "late",
        "late_reasons",
    )
    owed = {
        "duty": duty.duty,
        "authority": duty.authority,
        "citation": duty.citation,
        "due_at": duty.due_at,
        "time_zone": duty.time_zone,
    }
    return {name: getattr(report, name) for name in names} | owed


def _when(told: dict[str, Any]) -> str:
    if told["filed_at"]:
        return f"filed {short(told['filed_at'])}{', LATE' if told['late'] else ', in time'}\nreference {told['authority_reference']}"
    return f"{short(told['due_at'])}\n{told['left'] or ''}".strip() if told["due_at"] else "no fixed period"


def _about(report: Report, duty: Obligation) -> list[tuple[str, str]]:
    lines = [
        ("report", f"{report.number}, {plain(report.stage)}, {report.state}"),
        ("for", f"{duty.duty} ({duty.citation}) to {duty.authority}"),
        ("limit", spelt(duty.due_at, duty.time_zone) if duty.due_at else plain(duty.due_kind)),
        ("drafted", f"{spelt(report.drafted_at)} by {report.drafted_by}, from the facts of that moment"),
        ("text", report.content_sha256),
        ("version", f"{report.version}{', with what changed since the last' if report.version > 1 else ''}"),
        (
            "still missing",
            f"{len(report.missing)} answers ('forthwith report missing' says what supplies each)"
            if report.missing
            else "nothing",
        ),
    ]
    if report.filed_at:
        lines += [
            (
                "filed",
                f"{spelt(report.filed_at, duty.time_zone)} by {report.filed_by}, {report.channel}, reference {report.authority_reference}",
            )
        ]
        lines += [("late because", report.late_reasons)] if report.late else [("late", "no")]
    return lines
