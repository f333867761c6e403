"""Prepares the notices to the people affected: drafts what is owed and not drafted yet, and asks a person for what only a person can do."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from actions.authors import authors
from actions.choose_ways import Chosen, choose_ways
from actions.desk import Act, Desk
from actions.draft import Complaint, Drafting, finish_draft
from actions.enter_people import details_of
from actions.give_up import ask_about_the_dead, give_up
from actions.open_task import end_tasks, open_task
from actions.people_told import settle_duties
from actions.redraft import drop, drop_stale_drafts
from actions.words import Words, duties_to_people, words_for
from db.models import Person, Task, Wave
from db.models.person import CIRCLES
from db.queries.facts import as_known
from db.queries.people import next_number, waiting_to_be_told

NAMES = {
    "victims": "Victims and witnesses",
    "accused": "The accused",
    "third_parties": "Third parties",
    "others": "Everyone else affected",
}
AT_ONCE = 2000
"""People of one transaction: enough to share its cost, few enough that nobody else has to wait for it."""
Heard = Callable[[int, int], None]
"""Hears how many of the ledger's people were looked at, and how many there are."""
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


def prepare_notices(desk: Desk, incident: UUID | str, heard: Heard | None = None) -> Prepared:
    """Draft what is owed to people and not drafted yet. What was approved or launched is never touched. Safe to repeat.

    Nothing happens while no duty to tell people applies, or before anyone is on the ledger. Many people take many
    transactions; whoever kills it between two leaves a wave that nobody can approve, and the next call goes on with it.
    """
    look = _Look()
    while not look.over:
        with desk.act("notify_victims", incident) as act:
            if not duties_to_people(act):
                break
            look.at_some(act)
        if heard:
            heard(look.looked_at, look.of)
    return look.done()


def ask_for_notices(desk: Desk, incident: UUID | str) -> None:
    """Wish for a run that drafts them, where they are too many to be waited for."""
    with desk.act("draft", incident) as act:
        act.ask_for("respond", because=f"{desk.actor} asked for the notices")


class _Look:
    """One look over the ledger, some thousands of people at a time, in the order of their numbers."""

    def __init__(self) -> None:
        self.over, self.after = False, 0
        self.looked_at = self.of = 0
        self.groups: dict[tuple[str, str], _Group] = {}
        self.lost: list[Chosen] = []
        self.waves = self.notices = self.dropped = 0

    def at_some(self, act: Act) -> None:
        """Look at the next of them; after the last, make the drafts whole and ask for what is missing."""
        if dropped := drop_stale_drafts(act):
            self.dropped, self.after, self.groups, self.lost = self.dropped + dropped, 0, {}, []
        people = waiting_to_be_told(act.session, act.incident.id, after=self.after, most=AT_ONCE)
        chosen = choose_ways(act, people)
        ask_about_the_dead(act, [one for one in chosen if one.person.deceased])
        self.lost += [one for one in chosen if one.way.channel is None and not one.person.deceased]
        self._draft(act, [one for one in chosen if one.way.channel is not None])
        self.over = len(people) < AT_ONCE
        self.of = self.of or next_number(act.session, act.incident.id) - 1
        self.looked_at = self.of if self.over else people[-1].number
        if self.over:
            self._end(act)
        else:
            self.after = people[-1].number
            act.journal("drafting", up_to_person=self.after, notices=self.notices)

    def done(self) -> Prepared:
        """What it did."""
        missing = sum(group.missing for group in self.groups.values())
        return Prepared(self.waves, self.notices, self.dropped, len(self.lost), missing)

    def _draft(self, act: Act, chosen: Sequence[Chosen]) -> None:
        """One wave for each circle and template."""
        people: dict[tuple[str, str], list[Chosen]] = defaultdict(list)
        for one in chosen:
            people[one.circle, one.template].append(one)
        for circle, template in sorted(people, key=lambda group: (list(NAMES).index(group[0]), group[1])):
            group = self.groups.setdefault((circle, template), _Group(act, circle, template))
            self.notices += group.add(act, people[circle, template])

    def _end(self, act: Act) -> None:
        _end_answered(act)
        drafting = sa.select(Wave).where(Wave.incident_id == act.incident.id, Wave.state == "drafting")
        for wave in act.session.scalars(drafting.order_by(Wave.number)).all():
            finish_draft(act, wave)
            self.waves += 1
        for group in self.groups.values():
            group.complain(act)
        give_up(act, self.lost)
        settle_duties(act)


class _Group:
    """The people of one circle who are told by one template."""

    def __init__(self, act: Act, circle: str, template: str) -> None:
        self.circle = circle
        self.drafting = Drafting(act, NAMES[circle], circle, template, authors(act)[0])
        self.words: dict[str, Words] = {}
        self.missing = 0

    def add(self, act: Act, people: Sequence[Chosen]) -> int:
        """Draft for them, unless words are missing for any of the group, or may not be said to them. Returns how many."""
        new = {one.person.kind for one in people} - self.words.keys()
        if new:
            self.words |= {kind: words_for(act, kind) for kind in sorted(new)}
            lacking = _ask_for_words(act, self.words)
            self.missing = lacking + (self.circle != "victims" and _ask_to_unname(act, self.words))
            self.drafting.use(self.words)
        if not self.missing:
            return self.drafting.add(act, people)
        wave = self.drafting.wave_in(act)
        if wave is not None:
            drop(act, wave, "words are missing for some of its people")
        return 0

    def complain(self, act: Act) -> None:
        """Ask for what is wrong with the words to be mended."""
        if not self.missing:
            _complain(act, self.circle, self.drafting.template, self.drafting.complaints)


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


def _complain(act: Act, circle: str, template: str, complaints: Mapping[str, Complaint]) -> None:
    """A task for each fault in the words, naming people by their numbers only; those whose fault is gone are done."""
    prefix = f"fault:{circle}:{template}:"
    query = sa.select(Task.key).where(Task.incident_id == act.incident.id, Task.state == "open")
    for key in act.session.scalars(query.where(Task.key.startswith(prefix, autoescape=True))).all():
        if key.removeprefix(prefix) not in complaints:
            end_tasks(act, key, "mended")
    for fault, complaint in complaints.items():
        title = f"Mend the words of {template} ({NAMES[circle].lower()}): {fault}"
        people = {"people": complaint.people, "count": complaint.count}
        why = "The notices to these people were not drafted."
        open_task(act, kind="follow_up", key=prefix + fault, title=title, why=why, details=people)


def names_of_victims(act: Act) -> list[str]:
    """The names that nobody else's notice may hold."""
    kinds = CIRCLES["victims"]
    query = sa.select(Person).where(Person.incident_id == act.incident.id, Person.kind.in_(kinds)).limit(MOST_NAMES)
    return [details_of(act, person).get("name") for person in act.session.scalars(query)]
