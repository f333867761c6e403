"""Drafts a wave by hand: for these kinds of people, from this template, under this name."""

from collections.abc import Sequence
from uuid import UUID

from actions.choose_ways import CIRCLE_OF, choose_ways
from actions.desk import Act, Desk
from actions.draft import draft
from actions.errors import Conflict
from actions.prepare_notices import NAMES, names_of_victims
from actions.words import Words, words_for
from db.models import Wave
from db.queries.people import waiting_to_be_told
from notices.compose import template_names


def draft_wave(
    desk: Desk, incident: UUID | str, kinds: Sequence[str], template: str, name: str = "", *, author: str = ""
) -> Wave:
    """A notice for each person of these kinds who has none that lives, rendered now. Raises Conflict with all that stands in the way."""
    circles = {_circle(kind) for kind in kinds}
    if len(circles) != 1:
        raise Conflict(
            "Name kinds that may be told together: the accused and third parties have waves of their own, away from victims."
        )
    if template not in template_names():
        raise Conflict(f"There is no notice {template!r}; there are {', '.join(template_names())}.")
    with desk.act("draft_wave", incident) as act:
        people = choose_ways(act, waiting_to_be_told(act.session, act.incident.id, kinds))
        reachable = [one for one in people if one.way.channel is not None]
        if not reachable:
            raise Conflict(f"Nobody of the kind {' or '.join(kinds)} waits for a notice that could be drafted.")
        words = {kind: words_for(act, kind) for kind in sorted({one.person.kind for one in reachable})}
        circle = circles.pop()
        _refuse_unfit(act, circle, words)
        made = draft(act, name or NAMES[circle], template, reachable, words, author=author or desk.actor)
        if made.wave is None or made.complaints:
            faults = "; ".join(sorted(made.complaints))
            raise Conflict(f"Nothing was drafted, because of the words: {faults}.")
    return made.wave


def _circle(kind: str) -> str:
    if kind not in CIRCLE_OF:
        raise Conflict(f"{kind!r} is not a kind of person who is told; they are {', '.join(CIRCLE_OF)}.")
    return CIRCLE_OF[kind]


def _refuse_unfit(act: Act, circle: str, words: dict[str, Words]) -> None:
    missing = sorted({name for own in words.values() for name in own.missing})
    if missing:
        raise Conflict(f"These words are missing: {', '.join(missing)}. Record them with 'forthwith fact'.")
    if circle != "victims" and any(own.mention(names_of_victims(act)) for own in words.values()):
        raise Conflict("The words name a victim or witness; nobody outside their circle may read who they are.")
