"""Words the break-glass card: what is due next and on whose clock, whom to ring, how each authority is reached, what can be filed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from textwrap import fill

from sqlalchemy.orm import Session

from actions.moments import spelt
from actions.word_alert import title_of
from db.models import Incident
from db.queries.next_limits import Limit, latest_drafts, next_limits
from notices.filled import read_back
from notices.sheet import sheet
from rulebook.library import book
from settings.model import Settings

BAR = "=" * 78


def card_words(session: Session, settings: Settings) -> str:
    """The card's text, without the moment of writing, so that it changes only when something did."""
    limits = next_limits(session)
    parts = [*_deadlines(limits), *_people(settings, limits), *_authorities(limits), *_drafts(session, limits)]
    return "\n".join(parts) + "\n"


def headed(text: str, settings: Settings, at: datetime) -> str:
    """The card as it is sealed: its head says whose it is, of when, and what it is for."""
    about = (
        f"{settings.organisation}: data breaches, when nothing else can be reached.",
        f"As known on {spelt(at, settings.time_zone)}. What was done since is not in here: ask before you file twice.",
        "Clocks do not stop because the machine did. Report by telephone if that is all there is, and note who took the call.",
    )
    return "\n".join((BAR, "BREAK-GLASS CARD", *(fill(one, 78) for one in about), BAR, "", text))


def _deadlines(limits: Sequence[Limit]) -> Iterator[str]:
    yield f"NEXT DEADLINES ({len(limits)})"
    yield ""
    for one in limits:
        row = one.obligation
        unsure = " (only if it applies: nobody has settled that yet)" if row.answer == "unknown" else ""
        kind = "limit of the law" if one.by_law else "own target; the law sets no number"
        yield f"{spelt(one.at, row.time_zone, one.incident.time_zone)}  {one.incident.reference}"
        yield f"    {title_of(row)}{unsure}"
        yield f"    {kind}; {row.citation}; {row.duty}{f' to {row.authority}' if row.authority else ''}"
    if not limits:
        yield "Nothing was known to be due."


def _people(settings: Settings, limits: Sequence[Limit]) -> Iterator[str]:
    yield from ("", "WHO STANDS FOR IT", "")
    named = {
        "Incident manager": settings.owner,
        "Deputy": settings.deputy,
        "Accountable executive": settings.executive,
        "Data protection officer": settings.data_protection_officer,
        "Contact point in notices": ", ".join(
            filter(None, (settings.contact_name, settings.contact_phone, settings.contact_email))
        ),
    }
    yield from (f"{role}: {who}" for role, who in named.items() if who)
    for incident in {one.incident.id: one.incident for one in limits}.values():
        yield f"{incident.reference} {incident.title}: {', '.join(_hands(incident))}"


def _hands(incident: Incident) -> list[str]:
    people = (incident.owner, incident.deputy, incident.executive, incident.data_protection_officer)
    return list(dict.fromkeys(one for one in people if one)) or ["nobody is named"]


def _authorities(limits: Sequence[Limit]) -> Iterator[str]:
    yield from ("", "HOW EACH AUTHORITY IS REACHED", "")
    known = book().authorities
    for key in dict.fromkeys(one.obligation.authority for one in limits if one.obligation.authority):
        found = known.get(key)
        if found is None:
            yield f"{key}: not in the book of this version"
            continue
        yield f"{key}: {found.name} ({found.time_zone or 'its clock is the law’s'})"
        yield from (f"    {way.kind}: {way.says} {way.href or ''}".rstrip() for way in found.ways)
        yield f"    {found.href}"


def _drafts(session: Session, limits: Sequence[Limit]) -> Iterator[str]:
    found = latest_drafts(session, [one.obligation.id for one in limits])
    yield from ("", f"DRAFTS OF REPORTS ({len(found)}): valid as preliminary ones; say so when you file", "")
    for report, reference in found:
        as_of = spelt(report.facts_as_of)
        yield from (BAR, f"{reference} report {report.number}, {report.state}, facts of {as_of}", BAR)
        yield sheet(read_back(report.content))
