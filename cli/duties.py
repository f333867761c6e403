"""`forthwith duties FACTS.yaml`: which duties fall on these facts, why, and by when. Needs no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from actions.clock import now
from actions.errors import Conflict
from actions.moments import left, read_moment, spelt
from cli.move_lines import moved_lines
from cli.paper import heading, pairs, show, show_json
from rulebook import codes
from rulebook.facts import Facts, read
from rulebook.library import book
from rulebook.moves import Move, moves, side
from rulebook.obligations import Answer, answers
from rulebook.what_if import imagined

NOT_ADVICE = "Forthwith counts days and quotes sources. What the law asks of you is for your own lawyers to say."
SECTIONS = {"applies": "applies", "unknown": "unknown: a fact is missing", "does_not_apply": "does not apply"}


@dataclass(frozen=True)
class Asked:
    """When the question is asked, under the law of which day, and by whose clock the team lives."""

    at: datetime
    law_as_of: date | None
    team_zone: str
    what_if: tuple[str, ...] = ()


def duties(
    facts: Annotated[Path, typer.Argument(help="The facts, as YAML.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of pages for people.")] = False,
    at: Annotated[str | None, typer.Option(help="Ask as at this time, with its offset.", show_default="now")] = None,
    law_as_of: Annotated[
        str | None, typer.Option(help="Play the facts under the law of this day.", show_default="the facts' own day")
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="Show only what would change if a fact were another: people.US-TX=+12, =-3, =500, risk=high. Repeatable.",
        ),
    ] = None,
) -> None:
    """Show each duty of the rulebook on the facts of a file: applies, does not apply or unknown; why; by when."""
    known = read(facts)
    asked = Asked(
        at=read_moment(at, "--at") if at else now(),
        law_as_of=_day(law_as_of) if law_as_of else None,
        team_zone=known.organisation.time_zone or "UTC",
        what_if=tuple(what_if or ()),
    )
    found = answers(known, book(), at=asked.at, law_as_of=asked.law_as_of)
    moved = _moves(known, found, asked)
    if as_json:
        show_json(_object(found, moved, asked))
    elif asked.what_if:
        show(*_changes(moved, asked))
    else:
        show(*_page(found, asked))


def _moves(known: Facts, found: tuple[Answer, ...], asked: Asked) -> tuple[Move, ...]:
    """What the wishes would change."""
    if not asked.what_if:
        return ()
    after = imagined(known, asked.what_if, asked.law_as_of or asked.at.date())
    then = answers(after, book(), at=asked.at, law_as_of=asked.law_as_of)
    return moves(map(side, found), map(side, then))


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Conflict(f"--law-as-of: {given!r} is not a day; write it as 2026-11-21.") from None


def _object(found: tuple[Answer, ...], moved: tuple[Move, ...], asked: Asked) -> dict[str, Any]:
    wished = {"wishes": list(asked.what_if), "changes": [move.as_json() for move in moved]}
    told: dict[str, Any] = {
        "rulebook": {"version": book().version, "hash": book().hash},
        "at": asked.at,
        "law_as_of": asked.law_as_of,
        "duties": [answer.as_json() for answer in found],
    }
    return told | ({"what_if": wished} if asked.what_if else {})


def _changes(moved: tuple[Move, ...], asked: Asked) -> Iterator[RenderableType]:
    yield Text(f"If {', '.join(asked.what_if)}: {_count(len(moved))}. Rulebook {book().version}, {book().hash[:12]}.")
    yield from moved_lines(moved, book())
    yield Text(NOT_ADVICE)


def _count(changed: int) -> str:
    return {0: "no duty changes", 1: "one duty changes"}.get(changed, f"{changed} duties change")


def _page(found: tuple[Answer, ...], asked: Asked) -> Iterator[RenderableType]:
    under = f", played under the law of {asked.law_as_of:%d %B %Y}" if asked.law_as_of else ""
    yield Text(f"{len(found)} duties asked on {spelt(asked.at)}{under}. Rulebook {book().version}, {book().hash[:12]}.")
    for reply, title in SECTIONS.items():
        group = sorted((answer for answer in found if answer.answer == reply), key=_soonest)
        if group:
            yield heading(f"{title} ({len(group)})")
        if reply == "does_not_apply":
            yield pairs((answer.duty, f"{answer.because} [{', '.join(answer.facts_used)}]") for answer in group)
        else:
            yield from (_block(answer, asked) for answer in group)
        if reply == "applies" and (near := [(a.duty, each.says) for a in found for each in a.nearby]):
            yield heading(f"a few more people would make it owed ({len(near)})")
            yield pairs(near)
    yield heading("")
    yield Text(NOT_ADVICE)


def _soonest(answer: Answer) -> tuple[bool, datetime]:
    """The nearest limit or target first; what has neither stays in the order of the book, at the end."""
    first = answer.due_at or answer.target_at
    return first is None, first or datetime.max.replace(tzinfo=UTC)


def _block(answer: Answer, asked: Asked) -> RenderableType:
    """One duty as a title and labelled lines, which wrap at any width."""
    title = Text.assemble((answer.duty, "bold"), "  ", answer.title)
    return Group(title, pairs(_lines(answer, asked), indent=2), Text())


def _lines(answer: Answer, asked: Asked) -> Iterator[tuple[str, str]]:
    yield "tell", _told(answer)
    yield "limit", ("" if answer.answer == "applies" else "if it applies: ") + _limit(answer, asked)
    if answer.target_at and answer.target_at != answer.due_at:
        yield "target", f"{_when(answer.target_at, answer, asked)}: {answer.target_why}"
    if answer.outer_at:
        yield "outer", f"{spelt(answer.outer_at, answer.time_zone)}: the widest reading, for information only"
    if answer.late:
        yield "if late", "still owed, with the reasons for the delay"
    yield "because", answer.because
    yield "facts", ", ".join(answer.facts_used) or "none yet"
    if answer.missing_facts:
        yield "missing", ", ".join(answer.missing_facts)
    if answer.exemptions:
        one = "an exemption" if len(answer.exemptions) == 1 else f"one of {len(answer.exemptions)} exemptions"
        yield "unless", f"{one} is shown: see 'forthwith rulebook show {answer.duty}'"
    yield "source", f"{answer.citation} [{answer.status.replace('_', ' ')}] {answer.href}"


def _told(answer: Answer) -> str:
    if answer.authority:
        return book().authorities[answer.authority].name
    return codes.words()["recipients"][answer.recipient]


def _limit(answer: Answer, asked: Asked) -> str:
    if answer.due_at:
        end = f"the end of {answer.due_on:%d %B %Y}, " if answer.due_on else ""
        return end + _when(answer.due_at, answer, asked)
    if answer.due_kind == "no_fixed_period":
        return f"{codes.words()['speeds'][answer.terms['speed']]}; the law names no number"
    return f"cannot be counted without {', '.join(answer.missing_facts)}"


def _when(moment: datetime, answer: Answer, asked: Asked) -> str:
    return f"{spelt(moment, answer.time_zone, asked.team_zone)}, {left(moment, asked.at)}"
