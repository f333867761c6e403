"""The questions that declare an incident on a terminal: few, each with what may be answered, none of them compulsory but the first."""

from collections.abc import Callable
from typing import Any

import typer

from actions.declare import Declaration
from actions.errors import Conflict
from actions.moments import HOW, read_moment
from rulebook.codes import known
from rulebook.places import checked

Reader = Callable[[str], Any]


def asked() -> Declaration:
    """Ask until each answer can be read; an empty answer means that it is not known yet."""
    title = _ask("What happened, in a few words, naming no affected person?", str)
    while not title:
        title = _ask("A few words are needed.", str)
    facts = {
        "events.occurred_from": _ask(f"When did it happen, or begin? ({HOW})", _moment),
        "events.detected": _ask("When was it noticed? (empty: now)", _moment),
        "data": _ask("Which data? (codes with commas; 'forthwith rulebook codes' lists them)", _codes("data")),
        "kinds": _ask("Whose data? (codes with commas: customer, employee, child, victim ...)", _codes("kinds")),
        "people": _ask("How many people live where? (such as GB=15, FR=2)", _people),
        "protection.encrypted": _ask("Was the data encrypted? (yes, no)", _yes_no),
        "risk": _ask("How grave is the risk to them? (unlikely, risk, high; empty: not decided yet)", _risk),
    }
    people = facts.pop("people") or {}
    counted = {f"people.{place}": number for place, number in people.items()}
    return Declaration(title=title, facts={name: value for name, value in facts.items() if value is not None} | counted)


def _ask(question: str, read: Reader) -> Any:
    while True:
        given = typer.prompt(question, default="", show_default=False, err=True).strip()
        if not given:
            return None
        try:
            return read(given)
        except (Conflict, ValueError) as wrong:
            typer.echo(f"  {wrong}", err=True)


def _moment(given: str) -> str:
    return read_moment(given, "this").isoformat()


def _codes(in_list: str) -> Reader:
    return lambda given: [known(word.strip(), in_list) for word in given.split(",") if word.strip()]


def _people(given: str) -> dict[str, int]:
    found = {}
    for part in given.split(","):
        place, equals, number = part.partition("=")
        if not equals or not number.strip().isdecimal():
            raise ValueError("write it as GB=15, FR=2")
        found[checked(place.strip())] = int(number)
    return found


def _yes_no(given: str) -> bool:
    words = {"yes": True, "y": True, "no": False, "n": False}
    if given.lower() not in words:
        raise ValueError("write yes or no")
    return words[given.lower()]


def _risk(given: str) -> str:
    if given not in ("unlikely", "risk", "high"):
        raise ValueError("write unlikely, risk or high")
    return given
