"""Finds what looks alike: incidents and intakes of the last months that share words with a text, the closest in time first."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.desk import Desk
from actions.read_intake import open_intake
from db.models import Fact, Incident
from db.queries.intakes import recent_intakes

LOOKED_BACK, MOST, SHOWN = timedelta(days=365), 300, 5
ALIKE_FROM = 0.15
_WORD = re.compile(r"[^\W_]{3,}")
_COMMON = (
    "about after all also and any are because been before but can could did does every for from got had has have her his how into "
    "its just more not now off one our out over said she some than that the their them then there they this today was were what when "
    "where which who will with would yesterday you your avec dans des est les mais nous pas pour que qui sur une"
)
_EMPTY = frozenset(_COMMON.split())


@dataclass(frozen=True)
class Alike:
    """One that looks alike: what it is called, when it was noticed, which words both have, and how alike, from 0 to 1."""

    reference: str
    title: str = field(repr=False)
    at: datetime
    words: tuple[str, ...] = field(repr=False)
    score: float


@dataclass(frozen=True)
class Text:
    """One that a text is compared with."""

    reference: str
    title: str = field(repr=False)
    at: datetime
    words: frozenset[str] = field(repr=False)


def alike(
    desk: Desk,
    text: str,
    at: datetime,
    incidents: sa.ColumnElement[bool],
    intakes: sa.ColumnElement[bool],
    but: str = "",
) -> list[Alike]:
    """The likest first, a few at most, among those that the two conditions allow; exercises are no likeness."""
    with desk.reading() as session:
        since = clock.now() - LOOKED_BACK
        held = [*_incidents(session, incidents, since), *_intakes(desk, session, intakes, since)]
    return likest(words_of(text), at, [one for one in held if one.reference != but])


def likest(words: frozenset[str], at: datetime, held: Sequence[Text]) -> list[Alike]:
    """Words that few texts have weigh more, and so do texts of the same days."""
    among = Counter(word for one in held for word in one.words)
    weigh = {word: math.log(1 + (len(held) + 1) / (among[word] + 1)) for word in words | set(among)}
    found = (_compared(words, at, one, weigh) for one in held)
    close = [one for one in found if one.score >= ALIKE_FROM]
    return sorted(close, key=lambda one: (-one.score, one.reference))[:SHOWN]


def _compared(words: frozenset[str], at: datetime, one: Text, weigh: dict[str, float]) -> Alike:
    both = words & one.words
    whole = _weight(words, weigh) * _weight(one.words, weigh)
    days = abs(at - one.at) / timedelta(days=1)
    score = _weight(both, weigh) / math.sqrt(whole) * (0.6 + 0.4 * math.exp(-days / 14)) if whole else 0.0
    return Alike(one.reference, one.title, one.at, tuple(sorted(both)), score)


def _weight(words: Iterable[str], weigh: dict[str, float]) -> float:
    return sum(weigh[word] for word in words)


def words_of(text: str) -> frozenset[str]:
    """The words that carry meaning, without accents and endings."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return frozenset(_stem(word) for word in _WORD.findall(bare) if word not in _EMPTY)


def _stem(word: str) -> str:
    for ending in ("ings", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def _incidents(session: Session, allowed: sa.ColumnElement[bool], since: datetime) -> Iterator[Text]:
    query = sa.select(Incident).where(allowed, Incident.sealed.is_(False), Incident.declared_at >= since)
    rows = session.scalars(query.order_by(Incident.declared_at.desc(), Incident.reference).limit(MOST)).all()
    asked = sa.select(Fact.incident_id, Fact.name, Fact.value).where(
        Fact.incident_id.in_([row.id for row in rows]), Fact.name.in_(("story.what_happened", "events.detected"))
    )
    known = {(incident_id, name): value for incident_id, name, value in session.execute(asked.order_by(Fact.number))}
    for row in rows:
        story, at = known.get((row.id, "story.what_happened")), known.get((row.id, "events.detected"))
        words = words_of(f"{row.title} {story if isinstance(story, str) else ''}")
        yield Text(row.reference, row.title, datetime.fromisoformat(at) if at else row.declared_at, words)


def _intakes(desk: Desk, session: Session, allowed: sa.ColumnElement[bool], since: datetime) -> Iterator[Text]:
    for row in recent_intakes(session, allowed, since, MOST):
        what = open_intake(desk, session, row).what
        yield Text(row.reference, " ".join(what.split())[:80], row.noticed_at, words_of(what))
