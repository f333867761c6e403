"""`forthwith duties FACTS.yaml`: which duties fall on these facts, why, and by when. Needs no database."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from actions.clock import now
from rulebook import codes
from rulebook.facts import BadFacts, read
from rulebook.library import Rulebook, book
from rulebook.obligations import Answer, answers

NOT_ADVICE = "Forthwith counts days and quotes sources. What the law asks of you is for your own lawyers to say."


def duties(
    facts: Annotated[Path, typer.Argument(help="The facts, as YAML.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of pages for people.")] = False,
    at: Annotated[str | None, typer.Option(help="Ask as at this time, with its offset.", show_default="now")] = None,
    law_as_of: Annotated[
        str | None, typer.Option(help="Play the facts under the law of this day.", show_default="the facts' own day")
    ] = None,
) -> None:
    """Show each duty of the rulebook on the facts of a file: applies, does not apply or unknown; why; by when."""
    asked_at, as_of = _time(at), _day(law_as_of)
    try:
        known = read(facts)
    except BadFacts as refusal:
        _refuse(str(refusal))
    found = answers(known, book(), at=asked_at, law_as_of=as_of)
    if as_json:
        typer.echo(json.dumps(_object(found, book(), asked_at, as_of), ensure_ascii=False, indent=2))
    else:
        Console().print(_page(found, book(), asked_at, as_of))


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def _time(given: str | None) -> datetime:
    if given is None:
        return now()
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        _refuse("--at: this is not a time. Write one such as 2026-11-21T12:00+00:00.")
    if at.utcoffset() is None:
        _refuse("--at: this time has no offset. Write one such as 2026-11-21T12:00+00:00.")
    return at.astimezone(UTC)


def _day(given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        _refuse("--law-as-of: this is not a day. Write one such as 2026-11-21.")


def _object(found: tuple[Answer, ...], rules: Rulebook, at: datetime, as_of: date | None) -> dict[str, object]:
    return {
        "rulebook": {"version": rules.version, "hash": rules.hash},
        "at": at.isoformat(),
        "law_as_of": as_of.isoformat() if as_of else None,
        "duties": [answer.as_json() for answer in found],
    }


def _page(found: tuple[Answer, ...], rules: Rulebook, at: datetime, as_of: date | None) -> RenderableType:
    groups: dict[str, list[Answer]] = {"applies": [], "unknown": [], "does_not_apply": []}
    for answer in found:
        groups[answer.answer].append(answer)
    under = f", under the law of {as_of:%-d %B %Y}" if as_of else ""
    head = (
        f"{len(found)} duties asked at {at:%a %-d %b %Y %H:%M} UTC{under}. Rulebook {rules.version}, {rules.hash[:12]}."
    )
    parts: list[RenderableType] = [Text(head)]
    for title, group in (("applies", groups["applies"]), ("unknown: a fact is missing", groups["unknown"])):
        if group:
            parts += [Rule(f"{title} ({len(group)})", align="left"), *(_block(each, rules, at) for each in group)]
    if groups["does_not_apply"]:
        parts += [
            Rule(f"does not apply ({len(groups['does_not_apply'])})", align="left"),
            _others(groups["does_not_apply"]),
        ]
    return Group(*parts, Rule(), Text(NOT_ADVICE))


def _block(answer: Answer, rules: Rulebook, at: datetime) -> RenderableType:
    """One duty as labelled lines, which wrap at any width."""
    lines = Table.grid(padding=(0, 2))
    lines.add_column(no_wrap=True, style="dim")
    lines.add_column(ratio=1, overflow="fold")
    for label, words in _lines(answer, rules, at):
        lines.add_row(label, Text(words))
    title = Text.assemble((answer.duty, "bold"), "  ", answer.title)
    return Group(title, Padding(lines, (0, 0, 1, 2)))


def _lines(answer: Answer, rules: Rulebook, at: datetime) -> list[tuple[str, str]]:
    if_so = "" if answer.answer == "applies" else "if it applies: "
    lines = [("tell", _told(answer, rules)), ("limit", if_so + _limit(answer, at))]
    if answer.target_at and answer.target_at != answer.due_at:
        lines.append(("target", f"{_when(answer.target_at, answer.time_zone, at)}: {answer.target_why}"))
    if answer.outer_at and answer.outer_at != answer.due_at:
        lines.append(
            ("outer", f"{_spelt(answer.outer_at, answer.time_zone)}: the widest reading, for information only")
        )
    if answer.late:
        lines.append(("if late", "still owed, with the reasons for the delay"))
    lines.append(("because", answer.because))
    if answer.missing_facts:
        lines.append(("missing", ", ".join(answer.missing_facts)))
    if answer.exemptions:
        lines.append(("unless", f"{_many(len(answer.exemptions))}: see `forthwith rulebook show {answer.law}`"))
    return [*lines, ("source", f"{answer.citation} [{answer.status.replace('_', ' ')}] {answer.href}")]


def _many(exemptions: int) -> str:
    return "one exemption is shown" if exemptions == 1 else f"one of {exemptions} exemptions is shown"


def _told(answer: Answer, rules: Rulebook) -> str:
    if answer.authority:
        return rules.authorities[answer.authority].name
    return answer.recipient.replace("_", " ")


def _limit(answer: Answer, at: datetime) -> str:
    if answer.due_on and answer.due_at:
        return f"the end of {answer.due_on:%a %-d %b %Y}, {_when(answer.due_at, answer.time_zone, at)}"
    if answer.due_at:
        return _when(answer.due_at, answer.time_zone, at)
    if answer.due_kind == "no_fixed_period":
        return f"{codes.words()['speeds'].get(answer.terms.get('speed') or '', '')}; the law names no number"
    return f"cannot be counted without {', '.join(answer.missing_facts)}"


def _when(moment: datetime, zone: str, at: datetime) -> str:
    return f"{_spelt(moment, zone)}, {_distance(moment - at)}"


def _spelt(moment: datetime, zone: str) -> str:
    utc, local = moment.astimezone(UTC), moment.astimezone(ZoneInfo(zone))
    there = f"{local:%H:%M}" if local.date() == utc.date() else f"{local:%a %-d %b %H:%M}"
    return f"{utc:%a %-d %b %Y %H:%M} UTC" + ("" if zone == "UTC" else f" ({there} {zone})")


def _distance(span: timedelta) -> str:
    """How far off, in the two largest units that matter."""
    minutes = int(abs(span).total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    far = f"{days} days" if days > 9 else f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min"
    return f"PASSED {far} ago" if span < timedelta(0) else f"in {far}"


def _others(group: list[Answer]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for answer in group:
        table.add_row(escape(answer.duty), Text(answer.because))
    return table
