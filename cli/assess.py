"""`forthwith assess`: asks the rulebook again, and shows how severe the breach is and what that suggests."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType

from actions.assess import assess as ask_rulebook
from actions.desk import Desk, find
from actions.known import for_laws
from cli.door import Door, Reference, verb
from cli.paper import heading, pairs
from cli.words import count
from db.queries.facts import as_known
from rulebook.facts import Facts
from rulebook.severity import Severity, score
from rulebook.suggestion import Suggestion, suggest


@verb
def assess(door: Door, incident: Reference) -> None:
    """Ask the rulebook again what is owed, and show how severe the breach is."""
    with door.desk() as desk:
        found = ask_rulebook(desk, incident)
        facts = _facts(desk, incident)
        severity = _severity(facts)
        suggestion = suggest(facts, severity) if severity else None
        sentence = f"{count(found.applies, 'duty applies', 'duties apply')}, {found.unknown} unknown for want of facts, {found.does_not_apply} not; {found.changed} changed by this look."
        told: dict[str, Any] = asdict(found) | {
            "severity": asdict(severity) if severity else None,
            "suggestion": asdict(suggestion) if suggestion else None,
        }
        door.done(desk, incident, sentence, *_page(severity, suggestion, facts, incident), **told)


def _facts(desk: Desk, incident: str) -> Facts:
    with desk.reading() as session:
        return for_laws(as_known(session, find(session, incident).id))


def _severity(facts: Facts) -> Severity | None:
    if facts.severity is None:
        return None
    kept = facts.protection
    unreadable = kept.encrypted and kept.key_compromised is False
    return score(facts.severity, sum(number or 0 for number in (facts.people or {}).values()), unreadable)


def _page(
    severity: Severity | None, suggestion: Suggestion | None, facts: Facts, incident: str
) -> Iterator[RenderableType]:
    yield heading("Severity (ENISA)")
    if severity is None or suggestion is None:
        yield "Not scored: give severity.dpc.simple (or behavioural, financial, sensitive) and severity.ei with 'forthwith fact add'."
    else:
        yield pairs([("working", line) for line in severity.working])
        act = suggestion.act.replace("_", " ")
        yield pairs(
            [("suggests", f"{act} (risk: {suggestion.risk})"), *(("because", one) for one in suggestion.reasons)]
        )
    standing = facts.risk or "unknown"
    if standing == "unknown":
        yield f"The risk is not decided. That is for a person: forthwith decide {incident.upper()} risk unlikely|risk|high --reasons ..."
    else:
        yield f"The risk stands as: {standing}."
