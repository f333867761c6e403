"""Proves what one person was told: everything written to them, each try, event and conversation, with hashes and the journal's entries."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions.as_sent import file_of
from actions.content import Content, open_notice
from actions.correct_person import find_person
from actions.desk import Act, Desk
from actions.graded import Step, heard, spoken, standing, tried
from db.models import JournalEntry, JournalHead, Notice, Person, Task, Wave
from db.queries.events import events_about
from db.queries.notices import attempts_at, notices_to, receipts_for
from notices.proof import proof

MOST_ENTRIES = 60


@dataclass(frozen=True, repr=False)
class Sent:
    """One notice with what became of it; shows nothing of itself."""

    notice: Notice
    wave: Wave
    content: Content
    standing: str
    steps: Sequence[Step]
    file: tuple[str, bytes] | None


@dataclass(frozen=True, repr=False)
class Proved:
    """The page as a PDF, and everything that it speaks of."""

    pdf: bytes
    sent: Sequence[Sent]


def prove_person(desk: Desk, incident: UUID | str, number: int) -> Proved:
    """The proof for one person, made now. That it was made is journalled, and stands in it. Raises NotFound."""
    with desk.act("prove_person", incident, closed_too=True) as act:
        person = find_person(act, number)
        sent = sent_to(act, person)
        act.journal(f"person {number}", notices=len(sent), flagged=person.flagged)
        act.session.flush()
        pdf = proof(_page(act, person, sent), made_at=act.now, zone=act.incident.time_zone)
    return Proved(pdf, sent)


def sent_to_person(desk: Desk, incident: UUID | str, number: int) -> list[Sent]:
    """Everything that was written to them, exactly, with what became of it. That somebody looked is journalled."""
    with desk.act("read_notices", incident, closed_too=True) as act:
        sent = sent_to(act, find_person(act, number))
        act.journal(f"person {number}", read=len(sent))
    return sent


def sent_to(act: Act, person: Person) -> list[Sent]:
    """Everything that was written to them, oldest first."""
    return [_sent(act, notice) for notice in notices_to(act.session, person.id)]


def _sent(act: Act, notice: Notice) -> Sent:
    session, content = act.session, open_notice(act.session, act.vault, notice)
    steps = [tried(one) for one in attempts_at(session, notice.nid)]
    steps += [heard(one) for one in events_about(session, notice.nid)]
    steps += [step for one in receipts_for(session, notice.nid) if (step := spoken(one))]
    file = file_of(notice.nid, content, notice.dated_at, str(notice.wave_id))
    wave = session.get_one(Wave, notice.wave_id)
    return Sent(notice, wave, content, standing(notice), sorted(steps, key=lambda one: one.at), file)


def _page(act: Act, person: Person, sent: Sequence[Sent]) -> dict[str, Any]:
    head = act.session.get_one(JournalHead, str(act.incident.id))
    return {
        "reference": act.incident.reference,
        "organisation": act.desk.settings.organisation,
        "exercise": act.incident.sealed,
        "person": str(person.number),
        "facts": [
            ["Incident", act.incident.reference],
            ["Kind", _plain(person.kind)],
            ["Made at", act.now],
            ["Made by", act.desk.actor],
        ],
        "notices": [_shown(one) for one in sent],
        "journal": ", ".join(_entries(act, person, sent)) or "none",
        "entries": str(head.number),
        "head": head.hash,
    }


def _shown(one: Sent) -> dict[str, Any]:
    notice = one.notice
    facts = [
        ["Reply reference", one.content.reply_reference],
        ["Told", f"{_plain(notice.told_to)}; {notice.way_because}"],
    ]
    facts += [["Approved words of", f"wave {one.wave.number}, {one.wave.name}"]]
    return {
        "title": f"{_plain(notice.channel).capitalize()}: {one.standing}",
        "facts": facts,
        "sha256": notice.content_sha256,
        "file_sha256": hashlib.sha256(one.file[1]).hexdigest() if one.file else "",
        "steps": [list(step) for step in one.steps],
    }


def _entries(act: Act, person: Person, sent: Sequence[Sent]) -> list[str]:
    """The numbers of the journal's entries about the person, their waves and their contacts, each with its act.

    A large wave's turns of sending are many and speak of nobody by name; the person's own tries stand in the steps.
    """
    about = {f"person {person.number}", *(f"wave {one.wave.number}" for one in sent)}
    mine = sa.select(Task.number).where(Task.notice_id.in_([one.notice.nid for one in sent]))
    about |= {f"task {number}" for number in act.session.scalars(mine)}
    said = [JournalEntry.body.contains(f'"subject":{json.dumps(one)}', autoescape=True) for one in sorted(about)]
    sending = JournalEntry.body.contains('"act":"deliver"', autoescape=True)
    query = sa.select(JournalEntry.number, JournalEntry.body).where(JournalEntry.chain == str(act.incident.id))
    rows = act.session.execute(
        query.where(sa.or_(*said), ~sending).order_by(JournalEntry.number.desc()).limit(MOST_ENTRIES)
    )
    return [f"{number} {_plain(json.loads(body)['act'])}" for number, body in reversed(rows.all())]


def _plain(code: str) -> str:
    return code.replace("_", " ")
