"""Draws up one wave within an act: a notice for each person, rendered now, sealed with its hash, and all of them under one hash."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from actions.choose_ways import Chosen, today_of
from actions.content import seal
from actions.desk import Act
from actions.errors import Conflict
from actions.open_task import open_task
from actions.words import Words, demanded, duties_to_people, words_sha256
from actions.write_notice import Written, write_notice
from db.models import Notice, Wave
from db.queries.notices import next_wave_number
from notices.compose import missing_contents, template_sha256
from notices.errors import Unprintable, WordsError
from notices.lint import lint, lint_text

CHUNK = 500
SHAPE_OF = {"email": "message", "letter": "letter", "phone": "call", "in_person": "call"}


@dataclass
class Drafted:
    """A wave, or none where nobody's notice could be written; and what is wrong with the words, with the numbers of the people."""

    wave: Wave | None
    notices: int
    complaints: dict[str, list[int]] = field(default_factory=dict)


def draft(
    act: Act,
    name: str,
    template: str,
    people: Sequence[Chosen],
    words: Mapping[str, Words],
    *,
    author: str,
) -> Drafted:
    """Draw up a wave for these people of one circle. People whose notice has a fault are left out, and named by number."""
    wave = _wave(act, name, template, people, words, author)
    complaints: dict[str, list[int]] = defaultdict(list)
    contents: set[str] | None = None
    rows: list[dict[str, Any]] = []
    needed, looked_at = demanded(duties_to_people(act)), dict[str, list[str]]()
    for chosen in people:
        nid = uuid4()
        written, faults = _write(act, template, chosen, words[chosen.person.kind], nid, needed, looked_at)
        for fault in faults:
            complaints[fault].append(chosen.person.number)
        if written is None or faults:
            continue
        contents = set(written.notice.contents) & (set(written.notice.contents) if contents is None else contents)
        rows.append(_row(act, wave, chosen, nid, written))
    return Drafted(_keep(act, wave, rows, contents or set()), len(rows), dict(complaints))


def _wave(
    act: Act, name: str, template: str, people: Sequence[Chosen], words: Mapping[str, Words], author: str
) -> Wave:
    circles = {chosen.circle for chosen in people}
    if len(circles) != 1:
        raise Conflict(
            "These people may not be in one wave: the accused and third parties are told apart from victims, and from each other."
        )
    return Wave(
        id=uuid4(),
        incident_id=act.incident.id,
        sealed=act.incident.sealed,
        number=next_wave_number(act.session, act.incident.id),
        name=name,
        circle=circles.pop(),
        template=template,
        template_sha256=template_sha256(template),
        words_sha256=words_sha256(words),
        contents=[],
        audience=sorted(words),
        facts_as_of=act.now,
        drafted_at=act.now,
        drafted_by=author,
        content_sha256="",
        state="draft",
    )


def _write(
    act: Act,
    template: str,
    chosen: Chosen,
    words: Words,
    nid: UUID,
    needed: Sequence[str],
    looked_at: dict[str, list[str]],
) -> tuple[Written | None, list[str]]:
    """One notice, and what is wrong with it; no sentence of that repeats anybody's data."""
    person, way = chosen.person, chosen.way
    try:
        written = write_notice(act.desk.settings, template, person.kind, chosen.known, way, words, nid, today_of(act))
    except Unprintable as error:
        return None, [f"the letter cannot be printed: {error.says}"]
    except WordsError as error:
        return None, [str(error)]
    own = [f"a name or word of the person {says}" for text in written.own for says in lint_text(text)]
    return written, own or _look(template, written, needed, looked_at)


def _look(template: str, written: Written, needed: Sequence[str], looked_at: dict[str, list[str]]) -> list[str]:
    """What is wrong with the words that all notices of this variant share; they are looked at once."""
    channel = written.content.channel
    variant = f"{channel} {written.variant}"
    if variant not in looked_at:
        faults = [f"does not say: {key}" for key in missing_contents(written.notice, needed)]
        if SHAPE_OF[channel] not in written.notice.shapes:
            faults.append(f"{template} does not come as {channel.replace('_', ' ')}")
        looked_at[variant] = faults + lint(written.notice)
    return looked_at[variant]


def _row(act: Act, wave: Wave, chosen: Chosen, nid: UUID, written: Written) -> dict[str, Any]:
    person, way = chosen.person, chosen.way
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
        "state": "drafted",
        "content": seal(act.vault, nid, written.content),
        "content_sha256": written.content.sha256,
    }


def _keep(act: Act, wave: Wave, rows: Sequence[dict[str, Any]], contents: set[str]) -> Wave | None:
    if not rows:
        return None
    act.session.add(wave)
    act.session.flush()
    for start in range(0, len(rows), CHUNK):
        act.session.execute(sa.insert(Notice), rows[start : start + CHUNK])
    wave.contents = sorted(contents)
    wave.content_sha256 = content_of(act, wave)
    channels = {channel: sum(row["channel"] == channel for row in rows) for channel in {row["channel"] for row in rows}}
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
    title = f"Read and approve wave {wave.number}: {wave.name} ({len(rows)} notices)"
    why = "Someone who wrote none of its words must approve exactly these before anything leaves."
    open_task(act, kind="approve", key=f"approve:wave:{wave.id}", title=title, why=why)
    return wave


def content_of(act: Act, wave: Wave) -> str:
    """The hash of everything in the wave: its template, its words, and each notice by id, channel and content."""
    whole = hashlib.sha256()
    for part in (wave.template, wave.template_sha256, wave.words_sha256, ",".join(wave.contents)):
        whole.update(part.encode() + b"\n")
    query = sa.select(Notice.nid, Notice.channel, Notice.content_sha256).where(Notice.wave_id == wave.id)
    for nid, channel, sha256 in act.session.execute(query.order_by(Notice.nid).execution_options(yield_per=1000)):
        whole.update(f"{nid.hex} {channel} {sha256}\n".encode())
    return whole.hexdigest()
