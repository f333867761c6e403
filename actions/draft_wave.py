"""Drafts a wave by hand: for these kinds of people, from this template, under this name."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from actions.choose_ways import CIRCLE_OF, Chosen, choose_ways
from actions.desk import Act, Desk
from actions.draft import draft
from actions.errors import Conflict
from actions.flagging import call_back
from actions.prepare_notices import NAMES, names_of_victims
from actions.redraft import drop_empty
from actions.words import Words, words_for
from db.models import Wave
from db.queries.people import draftable
from notices.compose import template_names

WAYS = ("email", "letter", "phone", "in_person")


@dataclass(frozen=True)
class Audience:
    """Whom the wave is for: these kinds, and of them those of these languages and ways; none named means any."""

    kinds: Sequence[str]
    languages: Sequence[str] = ()
    channels: Sequence[str] = ()

    def __str__(self) -> str:
        limits = [" or ".join(words) for words in (self.languages, self.channels) if words]
        return ", ".join([" or ".join(self.kinds), *limits])


def draft_wave(
    desk: Desk, incident: UUID | str, audience: Audience, template: str, name: str = "", *, author: str = ""
) -> Wave:
    """A notice for each of them who has none that lives, or one in a draft that nobody approved; the others stay for other waves.

    Raises Conflict with all that stands in the way.
    """
    circle = _circle(audience)
    if template not in template_names():
        raise Conflict(f"There is no notice {template!r}; there are {', '.join(template_names())}.")
    with desk.act("draft_wave", incident) as act:
        people = _chosen(act, audience)
        words = {kind: words_for(act, kind) for kind in sorted({one.person.kind for one in people})}
        _refuse_unfit(act, circle, words)
        _take_over(act, people)
        made = draft(act, name or NAMES[circle], template, people, words, author=author or desk.actor)
        if made.wave is None or made.complaints:
            faults = "; ".join(sorted(made.complaints))
            raise Conflict(f"Nothing was drafted, because of the words: {faults}.")
        made.wave.languages, made.wave.ways = list(audience.languages), list(audience.channels)
        act.journal(f"wave {made.wave.number}", languages=made.wave.languages, ways=made.wave.ways)
    return made.wave


def _chosen(act: Act, audience: Audience) -> list[Chosen]:
    """Those of the audience whom some way reaches."""
    people = draftable(act.session, act.incident.id, audience.kinds, audience.languages)
    ways = audience.channels or WAYS
    chosen = [one for one in choose_ways(act, people) if one.way.channel in ways]
    if not chosen:
        raise Conflict(f"Nobody waits for a notice that could be drafted: {audience}.")
    return chosen


def _take_over(act: Act, people: Sequence[Chosen]) -> None:
    """Take these people out of drafts that nobody approved; a draft that has nobody left is dropped."""
    if call_back(act, [one.person.id for one in people], "taken into a wave of their own"):
        drop_empty(act, "its people were taken into a wave of their own")


def _circle(audience: Audience) -> str:
    """The circle of all of them. Raises Conflict for a word that is none, and for kinds that may not be told together."""
    for way in audience.channels:
        if way not in WAYS:
            raise Conflict(f"{way!r} is not a way to tell people; they are {', '.join(WAYS)}.")
    circles = {_circle_of(kind) for kind in audience.kinds}
    if len(circles) != 1:
        raise Conflict(
            "Name kinds that may be told together: the accused and third parties have waves of their own, away from victims."
        )
    return circles.pop()


def _circle_of(kind: str) -> str:
    if kind not in CIRCLE_OF:
        raise Conflict(f"{kind!r} is not a kind of person who is told; they are {', '.join(CIRCLE_OF)}.")
    return CIRCLE_OF[kind]


def _refuse_unfit(act: Act, circle: str, words: dict[str, Words]) -> None:
    missing = sorted({name for own in words.values() for name in own.missing})
    if missing:
        raise Conflict(f"These words are missing: {', '.join(missing)}. Record them with 'forthwith fact'.")
    if circle != "victims" and any(own.mention(names_of_victims(act)) for own in words.values()):
        raise Conflict("The words name a victim or witness; nobody outside their circle may read who they are.")
