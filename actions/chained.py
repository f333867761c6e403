"""When the time of each duty of an incident runs out, for the duties whose own clock, or limit, hangs on that."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from actions.ask_book import Asked
from db.models import Obligation
from rulebook.deadlines import count

LONGEST_CHAIN: Final = 8  # the book's longest has three links, and refuses circles


def instants(asked: Asked, held: Mapping[tuple[str, str], Obligation]) -> Mapping[str, datetime]:
    """All known instants, and the end of each duty's time ("deadlines.…") by the terms its obligation was born with."""
    known = asked.facts.instants()
    terms = _terms(asked, held)
    if not any("deadlines." in str(each) or each.get("chained") for each in terms.values()):
        return known
    ends: dict[str, datetime] = {}
    for _ in range(LONGEST_CHAIN):
        after = {f"deadlines.{duty}": end for duty, each in terms.items() if (end := count(each, known | ends).due_at)}
        if after == ends:
            break
        ends = after
    return known | ends


def _terms(asked: Asked, held: Mapping[tuple[str, str], Obligation]) -> dict[str, Mapping[str, Any]]:
    """The terms of each duty that is owed or may be; of its first authority, where it falls to several."""
    found: dict[str, Mapping[str, Any]] = {}
    for answer in asked.answers:
        if answer.terms and answer.duty not in found:
            row = held.get((answer.duty, answer.authority or ""))
            found[answer.duty] = (row and row.terms) or answer.terms
    return found
