"""Prepares the notices to the people affected: drafts what is owed and not drafted yet, and asks a person for what only a person can do."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from actions.authors import authors
from actions.choose_ways import Chosen, choose_ways
from actions.desk import Act, Desk
from actions.draft import draft
from actions.enter_people import details_of
from actions.give_up import ask_about_the_dead, give_up
from actions.open_task import end_tasks, open_task
from actions.people_told import settle_duties
from actions.redraft import drop_stale_drafts
from actions.words import Words, duties_to_people, words_for
from db.models import Person, Task
from db.models.person import CIRCLES
from db.queries.facts import as_known
from db.queries.people import waiting_to_be_told

NAMES = {
    "victims": "Victims and witnesses",
    "accused": "The accused",
    "third_parties": "Third parties",
    "others": "Everyone else affected",
}
MOST_NAMES = 5000
"""How many victims' names the other circles' words are searched for; a larger ledger has no words of its own for a few."""


@dataclass(frozen=True)
class Prepared:
    """What one look did: waves and notices drafted, drafts dropped because their words changed, people no way reaches."""

    waves: int
    notices: int
    dropped: int
    unreached: int
    missing_words: int


def prepare_notices(desk: Desk, incident: UUID | str) -> Prepared:
    """Draft what is owed to people and not drafted yet. What was approved or launched is never touched. Safe to repeat.

    Nothing happens while no duty to tell people applies, or before anyone is on the ledger.
    """
    with desk.act("notify_victims", incident) as act:
        if not duties_to_people(act):
            return Prepared(0, 0, 0, 0, 0)
        dropped = drop_stale_drafts(act)
        chosen = choose_ways(act, waiting_to_be_told(act.session, act.incident.id))
        ask_about_the_dead(act, [one for one in chosen if one.person.deceased])
        lost = [one for one in chosen if one.way.channel is None and not one.person.deceased]
        give_up(act, lost)
        waves, notices, missing = _draft_all(act, [one for one in chosen if one.way.channel is not None])
        settle_duties(act)
    return Prepared(waves, notices, dropped, len(lost), missing)


def _draft_all(act: Act, chosen: Sequence[Chosen]) -> tuple[int, int, int]:
    """One wave for each circle and template. Returns waves, notices, and how many words are missing."""
    groups: dict[tuple[str, str], list[Chosen]] = defaultdict(list)
    for one in chosen:
        groups[one.circle, one.template].append(one)
    waves = notices = missing = 0
    _end_answered(act)
    for circle, template in sorted(groups, key=lambda group: (list(NAMES).index(group[0]), group[1])):
        people = groups[circle, template]
        words = {kind: words_for(act, kind) for kind in sorted({one.person.kind for one in people})}
        lacking = _ask_for_words(act, words) + (circle != "victims" and _ask_to_unname(act, words))
        missing += lacking
        if not lacking:
            made = draft(act, NAMES[circle], template, people, words, author=authors(act)[0])
            _complain(act, circle, template, made.complaints)
            waves, notices = waves + (made.wave is not None), notices + made.notices
    return waves, notices, missing


def _ask_for_words(act: Act, words: Mapping[str, Words]) -> int:
    """A task for each word that is missing. Returns how many are."""
    missing = {name: kind for kind, own in words.items() for name in own.missing}
    for name, kind in missing.items():
        what = f"Write {name} (forthwith fact)" if name.startswith("story.") else f"Set {name}"
        why = f"The notices to people of the kind {kind.replace('_', ' ')} cannot be drafted without it."
        open_task(act, kind="follow_up", key=f"words:{name}", title=what, why=why)
    return len(missing)


def _ask_to_unname(act: Act, words: Mapping[str, Words]) -> int:
    """A task where words for others hold a victim's name. Returns for how many kinds."""
    names = names_of_victims(act)
    found = [kind for kind, own in words.items() if own.mention(names)]
    for kind in found:
        title = f"Take the name of a victim or witness out of the words for {kind.replace('_', ' ')}"
        why = "Nobody outside their circle may read who they are; these notices are not drafted."
        open_task(act, kind="follow_up", key=f"named:{kind}", title=title, why=why)
    for kind in words.keys() - set(found):
        end_tasks(act, f"named:{kind}", "no name is there any more")
    return len(found)


def _end_answered(act: Act) -> None:
    """End the tasks that asked for words or settings which are there now."""
    query = sa.select(Task.key).where(
        Task.incident_id == act.incident.id, Task.state == "open", Task.key.like("words:%")
    )
    known = as_known(act.session, act.incident.id)
    for key in act.session.scalars(query).all():
        name = key.removeprefix("words:")
        if known.get(name) or getattr(act.desk.settings, name.removeprefix("FORTHWITH_").lower(), ""):
            end_tasks(act, key, "written")


def _complain(act: Act, circle: str, template: str, complaints: Mapping[str, Sequence[int]]) -> None:
    """A task for each fault in the words, naming people by their numbers only; those whose fault is gone are done."""
    prefix = f"fault:{circle}:{template}:"
    query = sa.select(Task.key).where(Task.incident_id == act.incident.id, Task.state == "open")
    for key in act.session.scalars(query.where(Task.key.startswith(prefix, autoescape=True))).all():
        if key.removeprefix(prefix) not in complaints:
            end_tasks(act, key, "mended")
    for fault, numbers in complaints.items():
        title = f"Mend the words of {template} ({NAMES[circle].lower()}): {fault}"
        people = {"people": list(numbers[:1000]), "count": len(numbers)}
        why = "The notices to these people were not drafted."
        open_task(act, kind="follow_up", key=prefix + fault, title=title, why=why, details=people)


def names_of_victims(act: Act) -> list[str]:
    """The names that nobody else's notice may hold."""
    kinds = CIRCLES["victims"]
    query = sa.select(Person).where(Person.incident_id == act.incident.id, Person.kind.in_(kinds)).limit(MOST_NAMES)
    return [details_of(act, person).get("name") for person in act.session.scalars(query)]
