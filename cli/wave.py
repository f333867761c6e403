"""`forthwith wave`: waves of notices, how far they are, and the brake."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from actions import clock
from actions.check_sender import check_sender
from actions.content import Content
from actions.count_audience import count_audience
from actions.desk import find
from actions.errors import NotFound
from actions.moments import spelt
from actions.outlook import Outlook, outlook
from actions.preview_notice import preview_notice
from actions.release_wave import release_wave
from actions.stop_wave import pause_wave, resume_wave, stop_wave
from cli.decide import Reasons
from cli.door import Door, Number, Reference, verb
from cli.paper import heading, pairs, table
from cli.words import banner, count, plain, present
from db.models import Wave
from db.queries.incidents import exercise_of
from db.queries.notices import Counts, counts_of, wave_by_number, waves_of

app = typer.Typer(no_args_is_help=True)


@app.command("list")
@verb
def list_waves(door: Door, incident: Reference) -> None:
    """List the waves, drafts included."""
    with door.desk() as desk, desk.reading() as session:
        told = [_told(wave, counts_of(session, wave.id)) for wave in waves_of(session, find(session, incident).id)]
    if not told:
        door.answer({"waves": []}, "There is no wave yet; 'forthwith draft' draws up what is owed.")
        return
    rows = (
        (str(one["number"]), one["state"], one["name"], _counts(one["channels"]), _counts(one["progress"]))
        for one in told
    )
    door.answer({"waves": told}, table(("no", "state", "name", "channels", "notices"), rows, fixed=(0, 1)))


@app.command("show")
@verb
def show_wave(
    door: Door,
    incident: Reference,
    number: Annotated[int, typer.Argument(min=1, show_default=False)],
) -> None:
    """Show one wave: its text's hash, who wrote and approved it, how far it is."""
    with door.desk() as desk, desk.reading() as session:
        found = find(session, incident)
        wave = wave_by_number(session, found.id, number)
        if wave is None:
            raise NotFound(
                f"{found.reference} has no wave {number}; 'forthwith wave list {found.reference}' shows them."
            )
        counts = counts_of(session, wave.id)
        told, top = _told(wave, counts), list(banner(exercise_of(session, found)))
        ahead = outlook(session, desk.settings, wave, counts, present(session, found), clock.now())
    read = f"Each text, as it would leave: 'forthwith wave preview {found.reference} {number} PERSON' (you are recorded as its reader)."
    told["outlook"] = ahead.as_json()
    seen = check_sender(door.settings) if wave.state in ("draft", "approved") and not wave.sealed else ()
    told["sender"] = [asdict(one) for one in seen]
    checked = [Text(f"{one.what}: {one.says}" + (f" ({one.do})" if one.do else "")) for one in seen]
    door.answer(told, *top, pairs([*_about(wave, told), *_ahead(ahead)]), *checked, read)


@app.command("audience")
@verb
def audience(
    door: Door,
    incident: Reference,
    kinds: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind.", show_default=False)] = None,
    languages: Annotated[
        list[str] | None, typer.Option("--language", help="Only who read this.", show_default=False)
    ] = None,
    channels: Annotated[
        list[str] | None, typer.Option("--channel", help="Only who are told this way.", show_default=False)
    ] = None,
) -> None:
    """Count whom a wave could be drafted for, before it is."""
    with door.desk() as desk:
        found = count_audience(desk, incident, kinds or (), languages or (), channels or ())
    rows = (
        (plain(one.kind), one.language, plain(one.channel) if one.channel else "-", f"{one.people:,}")
        for one in found.parts
    )
    note = "" if found.looked_up else "They are too many to look up the way of each; a draft does."
    told = {"people": found.people, "parts": [one.as_json() for one in found.parts], "looked_up": found.looked_up}
    says = f"{count(found.people, 'person', 'people')} could be drafted for. {note}".strip()
    door.answer(told, table(("kind", "language", "way", "people"), rows, fixed=(1, 3)), says)


@app.command("preview")
@verb
def preview(
    door: Door,
    incident: Reference,
    number: Number,
    person: Annotated[int, typer.Argument(min=1, help="The person's number.", show_default=False)],
    save: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Keep each shape as a file.", show_default=False)
    ] = None,
) -> None:
    """Show the exact message of one person in every shape; that you looked is recorded."""
    with door.desk() as desk:
        content = preview_notice(desk, incident, number, person)
    if save is not None:
        kept = ", ".join(path.name for path in _keep(save, f"{incident}-{number}-{person}", content))
        door.answer(
            {"kept": kept}, f"Kept in {save}: {kept}. They hold a person's data; delete them when you have read."
        )
        return
    told = {name: getattr(content, name) for name in ("channel", "to_address", "subject", "text", "html", "script")}
    shapes = [("E-mail as text", content.text), ("E-mail as HTML", content.html), ("Script", content.script)]
    if content.letter_pdf:
        shapes.append(("Letter", "a PDF; --save FOLDER keeps it as a file"))
    page = [part for name, words in shapes if words for part in (heading(name), Text(words))]
    door.answer(told | {"letter_bytes": len(content.letter_pdf)}, content.subject, *page)


@app.command("pause")
@verb
def pause(door: Door, incident: Reference, number: Number, reasons: Reasons = "") -> None:
    """Send nothing more of a wave until it is resumed."""
    with door.desk() as desk:
        wave = pause_wave(desk, incident, number, reasons)
        door.done(
            desk,
            incident,
            f"Wave {number} is paused; 'forthwith wave resume' lets it go on.",
            wave=number,
            state=wave.state,
        )


@app.command("resume")
@verb
def resume(door: Door, incident: Reference, number: Number) -> None:
    """Let a paused wave go on."""
    with door.desk() as desk:
        wave = resume_wave(desk, incident, number)
        door.done(desk, incident, f"Wave {number} goes on.", wave=number, state=wave.state)


@app.command("release")
@verb
def release(door: Door, incident: Reference, number: Number, reasons: Reasons = "") -> None:
    """Let the rest of a wave follow its first messages."""
    with door.desk() as desk:
        wave = release_wave(desk, incident, number, reasons)
        door.done(desk, incident, f"The rest of wave {number} is released.", wave=number, state=wave.state)


@app.command("stop")
@verb
def stop(door: Door, incident: Reference, number: Number, reasons: Reasons = "") -> None:
    """Send nothing more of a wave, ever."""
    with door.desk() as desk:
        wave = stop_wave(desk, incident, number, reasons)
        door.done(
            desk, incident, f"Wave {number} is stopped; what had not left is cancelled.", wave=number, state=wave.state
        )


def _keep(folder: Path, name: str, content: Content) -> Iterator[Path]:
    """Each shape that there is, as a file that only its owner can read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shapes = {
        "txt": content.text.encode(),
        "html": content.html.encode(),
        "pdf": content.letter_pdf,
        "script.txt": content.script.encode(),
    }
    for ending, data in shapes.items():
        if data:
            path = folder / f"{name}.{ending}"
            path.touch(mode=0o600)
            path.write_bytes(data)
            yield path


def _told(wave: Wave, counts: Counts) -> dict[str, Any]:
    names = (
        "number",
        "name",
        "state",
        "why",
        "circle",
        "audience",
        "languages",
        "ways",
        "template",
        "contents",
        "content_sha256",
        "facts_as_of",
        "drafted_at",
        "drafted_by",
        "launched_at",
        "launched_by",
        "urgent_because",
        "canary_size",
        "hold_until",
        "judged",
        "released_at",
        "released_by",
        "released_because",
    )
    return {name: getattr(wave, name) for name in names} | {
        "channels": counts.ways,
        "progress": counts.states,
    }


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {plain(name)}" for name, number in sorted(counted.items())) or "none"


def _ahead(found: Outlook) -> list[tuple[str, str]]:
    """What is left, and when it will be done."""
    left = f"{found.to_leave} to leave, {found.in_the_air} in the air, {found.for_a_person} for a person to tell"
    pace = f"{found.per_second:.3g} a second in the last minutes" if found.per_second else ""
    today = f"{found.today} e-mails today at most, since the sender is new" if found.today is not None else ""
    ends = f"about {spelt(found.ends_at)}" if found.ends_at else ""
    limit = spelt(found.limit_at) if found.limit_at else ""
    night = f"{found.waiting} until {spelt(found.waiting_until)} at the earliest" if found.waiting_until else ""
    rows = [
        ("left", left),
        ("waiting", night),
        ("pace", pace),
        ("ramp", today),
        ("done", ends),
        ("limit", limit),
        ("LATE", found.advice),
    ]
    return [(name, says) for name, says in rows if says]


def _canary(wave: Wave) -> list[tuple[str, str]]:
    """What went first, and what became of it."""
    if wave.canary_size is None or wave.hold_until is None:
        return [("all at once", wave.urgent_because)] if wave.urgent_because else []
    told = {"kept": "; it kept its limits", "broken": "; it broke a limit"}.get(wave.judged, "")
    first = f"{wave.canary_size} went first, watched until {spelt(wave.hold_until)}{told}"
    if wave.released_at is None:
        return [("canary", first), ("rest", "held until 'forthwith wave release'")]
    why = f": {wave.released_because}" if wave.released_because else ""
    return [("canary", first), ("rest", f"released {spelt(wave.released_at)} by {wave.released_by}{why}")]


def _about(wave: Wave, told: dict[str, Any]) -> list[tuple[str, str]]:
    launched = f"{spelt(wave.launched_at)} by {wave.launched_by}" if wave.launched_at else "not yet"
    return [
        ("wave", f"{wave.number}, {wave.name}, {wave.state}" + (f": {wave.why}" if wave.why else "")),
        ("for", ", ".join(map(plain, (*wave.audience, *wave.languages, *wave.ways)))),
        ("notice", f"{wave.template}; it says {', '.join(map(plain, wave.contents))}"),
        ("drafted", f"{spelt(wave.drafted_at)}, words by {wave.drafted_by}"),
        ("launched", launched),
        *_canary(wave),
        ("text", wave.content_sha256),
        ("channels", _counts(told["channels"])),
        ("notices", _counts(told["progress"])),
    ]
