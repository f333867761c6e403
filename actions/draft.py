"""Draws up waves: a notice for each person, written now, sealed with its hash, and in the end all of them under one hash.

A wave of many is drafted in many transactions and is `drafting` until it is whole; a killed run leaves it for the next one.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from actions.choose_ways import Chosen, today_of
from actions.content import seal, seal_filled, sheet_place
from actions.desk import Act
from actions.errors import Conflict
from actions.open_task import open_task
from actions.press import Form, Press, Printed
from actions.words import Words, demanded, duties_to_people, words_sha256
from actions.write_notice import Written
from db.models import Notice, NoticeSheet, Wave
from db.queries.notices import counts_of, next_wave_number
from db.types import Table
from notices.compose import missing_contents, template_sha256
from notices.errors import Unprintable, WordsError
from notices.lint import lint, lint_text

CHUNK = 500
MOST_NAMED = 1000
"""Numbers of people that a complaint names; it counts the others."""
SHAPE_OF = {"email": "message", "letter": "letter", "phone": "call", "in_person": "call"}


@dataclass
class Complaint:
    """Something wrong with the words of some notices: the numbers of the first of their people, and how many there are."""

    people: list[int] = field(default_factory=list)
    count: int = 0

    def of(self, number: int) -> None:
        """One more person."""
        self.count += 1
        if len(self.people) < MOST_NAMED:
            self.people.append(number)


@dataclass
class Drafted:
    """A wave, or none where nobody's notice could be written; and what is wrong with the words, with the numbers of the people."""

    wave: Wave | None
    notices: int
    complaints: Mapping[str, Complaint] = field(default_factory=dict)


def draft(
    act: Act, name: str, template: str, people: Sequence[Chosen], words: Mapping[str, Words], *, author: str
) -> Drafted:
    """Draw up a wave for these people of one circle. People whose notice has a fault are left out, and named by number."""
    circles = {chosen.circle for chosen in people}
    if len(circles) != 1:
        raise Conflict(
            "These people may not be in one wave: the accused and third parties are told apart from victims, and from each other."
        )
    drafting = Drafting(act, name, circles.pop(), template, author)
    drafting.use(words)
    notices = drafting.add(act, people)
    wave = drafting.wave_in(act)
    if wave is not None:
        finish_draft(act, wave)
    return Drafted(wave, notices, drafting.complaints)


class Drafting:
    """The drafting of one wave, over as many acts as it takes. Keeps what its variants share, and no person."""

    def __init__(self, act: Act, name: str, circle: str, template: str, author: str) -> None:
        self.name, self.circle, self.template, self.author = name, circle, template, author
        self.press = Press(act.desk.settings, template, {}, today_of(act))
        self.complaints: dict[str, Complaint] = defaultdict(Complaint)
        self.looked_at: dict[object, list[str]] = {}
        self.sheets: dict[Form, int] = {}

    def use(self, words: Mapping[str, Words]) -> None:
        """The words for each kind of people among those that follow."""
        self.press.words = dict(words)

    def wave_in(self, act: Act) -> Wave | None:
        """The wave as far as it was drafted, by this run or by one that was killed."""
        mine = (Wave.incident_id == act.incident.id, Wave.circle == self.circle, Wave.template == self.template)
        return act.session.scalar(sa.select(Wave).where(*mine, Wave.state == "drafting"))

    def add(self, act: Act, people: Sequence[Chosen]) -> int:
        """Write a notice for each of these people; returns how many could be written."""
        needed = demanded(duties_to_people(act))
        written: list[tuple[Chosen, UUID, Written | Printed]] = []
        for chosen in people:
            nid = uuid4()
            one, faults = self._write(chosen, nid, needed)
            for fault in faults:
                self.complaints[fault].of(chosen.person.number)
            if one is not None and not faults:
                written.append((chosen, nid, one))
        if written:
            self._keep(act, written)
        return len(written)

    def _write(self, chosen: Chosen, nid: UUID, needed: Sequence[str]) -> tuple[Written | Printed | None, list[str]]:
        """One notice, and what is wrong with it; no sentence of that repeats anybody's data."""
        try:
            one = self.press.write(chosen.person.kind, chosen.known, chosen.way, nid)
        except Unprintable as error:
            return None, [f"the letter cannot be printed: {error.says}"]
        except WordsError as error:
            return None, [str(error)]
        own = [f"a name or word of the person {says}" for text in one.own for says in lint_text(text)]
        return one, own or self._look(one, needed)

    def _look(self, one: Written | Printed, needed: Sequence[str]) -> list[str]:
        """What is wrong with the words that all notices of this variant share; they are looked at once."""
        first = one.form.first if isinstance(one, Printed) else one
        variant = one.form if isinstance(one, Printed) else f"{one.content.channel} {one.variant}"
        if variant not in self.looked_at:
            channel = first.content.channel
            faults = [f"does not say: {key}" for key in missing_contents(first.notice, needed)]
            if SHAPE_OF[channel] not in first.notice.shapes:
                faults.append(f"{self.template} does not come as {channel.replace('_', ' ')}")
            self.looked_at[variant] = faults + lint(first.notice)
        return self.looked_at[variant]

    def _keep(self, act: Act, written: Sequence[tuple[Chosen, UUID, Written | Printed]]) -> None:
        wave = self.wave_in(act)
        said = set.intersection(*(_contents(one) for _, _, one in written))
        if wave is None:
            wave = self._begin(act)
        else:
            said &= set(wave.contents)
        wave.contents, wave.audience = sorted(said), sorted(self.press.words)
        wave.words_sha256 = words_sha256(self.press.words)
        act.session.flush()
        self._keep_sheets(act, wave, {one.form for _, _, one in written if isinstance(one, Printed)})
        rows = [self._row(act, wave, *one) for one in written]
        for start in range(0, len(rows), CHUNK):
            act.session.execute(sa.insert(Table.metadata.tables[Notice.__tablename__]), rows[start : start + CHUNK])

    def _keep_sheets(self, act: Act, wave: Wave, forms: set[Form]) -> None:
        """Once for each variant. A run that goes on after a killed one sets its variants anew, under further numbers."""
        new = [form for form in forms if form not in self.sheets]
        if not new:
            return
        last = act.session.scalar(sa.select(sa.func.max(NoticeSheet.number)).where(NoticeSheet.wave_id == wave.id))
        for number, form in zip(count(0 if last is None else last + 1), new, strict=False):
            sealed = act.vault.seal(form.content.to_bytes(), sheet_place(wave.id, number))
            act.session.add(NoticeSheet(wave_id=wave.id, number=number, sheet=sealed))
            self.sheets[form] = number
        act.session.flush()

    def _begin(self, act: Act) -> Wave:
        wave = Wave(
            id=uuid4(),
            incident_id=act.incident.id,
            sealed=act.incident.sealed,
            number=next_wave_number(act.session, act.incident.id),
            name=self.name,
            circle=self.circle,
            template=self.template,
            template_sha256=template_sha256(self.template),
            words_sha256="",
            contents=[],
            audience=[],
            facts_as_of=act.now,
            drafted_at=act.now,
            drafted_by=self.author,
            content_sha256="",
            state="drafting",
        )
        act.session.add(wave)
        return wave

    def _row(self, act: Act, wave: Wave, chosen: Chosen, nid: UUID, one: Written | Printed) -> dict[str, Any]:
        person, way = chosen.person, chosen.way
        if isinstance(one, Printed):
            content, sha256 = seal_filled(act.vault, nid, self.sheets[one.form], one.values), one.sha256
        else:
            content, sha256 = seal(act.vault, nid, one.content), one.content.sha256
        return {
            "nid": nid,
            "incident_id": act.incident.id,
            "sealed": act.incident.sealed,
            "wave_id": wave.id,
            "person_id": person.id,
            "flagged": person.flagged,
            "kind": person.kind,
            "circle": wave.circle,
            "channel": way.channel,
            "rung": int(way.rung),
            "told_to": way.to,
            "way_because": way.why,
            "country": chosen.known.details.get("country"),
            "state": "drafted",
            "content": content,
            "content_sha256": sha256,
        }


def finish_draft(act: Act, wave: Wave) -> None:
    """Everyone is in it: bind all of it under one hash, and ask for someone to read and approve it."""
    wave.content_sha256, wave.state = content_of(act, wave), "draft"
    act.session.flush()
    channels = counts_of(act.session, wave.id).ways
    act.journal(
        f"wave {wave.number}",
        drafted=wave.name,
        template=wave.template,
        template_sha256=wave.template_sha256,
        words_sha256=wave.words_sha256,
        content=wave.content_sha256,
        notices=channels,
        author=wave.drafted_by,
    )
    title = f"Read and approve wave {wave.number}: {wave.name} ({sum(channels.values())} notices)"
    why = "Someone who wrote none of its words must approve exactly these before anything leaves."
    open_task(act, kind="approve", key=f"approve:wave:{wave.id}", title=title, why=why)


def content_of(act: Act, wave: Wave) -> str:
    """The hash of everything in the wave: its template, its words, and each notice by id, channel and content."""
    whole = hashlib.sha256()
    for part in (wave.template, wave.template_sha256, wave.words_sha256, ",".join(wave.contents)):
        whole.update(part.encode() + b"\n")
    query = sa.select(Notice.nid, Notice.channel, Notice.content_sha256).where(Notice.wave_id == wave.id)
    for nid, channel, sha256 in act.session.execute(query.order_by(Notice.nid).execution_options(yield_per=1000)):
        whole.update(f"{nid.hex} {channel} {sha256}\n".encode())
    return whole.hexdigest()


def _contents(one: Written | Printed) -> set[str]:
    return set((one.form.first if isinstance(one, Printed) else one).notice.contents)
