"""Whatever is done to a chain behind the journal's back, checking it finds it."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from actions.journal import append, plain
from db.chain import GENESIS, canonical, link
from db.models import JournalEntry, JournalHead
from db.queries.journal import Verdict, verify
from db.types import Table

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
BODIES = st.dictionaries(TEXT, JSON, max_size=4)
CHAINS = st.lists(BODIES, min_size=3, max_size=8)

Tamper = Callable[[Session, st.DataObject], object]


@cache
def an_unguarded_database() -> sa.Engine:
    """The journal's tables without their triggers: a thief with the file open in another program."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Table.metadata.create_all(engine, [Table.metadata.tables["journal"], Table.metadata.tables["journal_heads"]])
    return engine


def rows(session: Session) -> list[JournalEntry]:
    return list(session.scalars(sa.select(JournalEntry).order_by(JournalEntry.number)))


def change_a_body(session: Session, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(rows(session)))
    row.body = data.draw(BODIES.map(canonical).filter(lambda body: body != row.body))


def change_a_hash(session: Session, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(rows(session)))
    row.hash = data.draw(st.text("0123456789abcdef", min_size=64, max_size=64).filter(lambda one: one != row.hash))


def delete_one(session: Session, data: st.DataObject) -> None:
    session.delete(data.draw(st.sampled_from(rows(session))))


def delete_one_and_close_the_gap(session: Session, data: st.DataObject) -> None:
    held = rows(session)
    place = data.draw(st.integers(0, len(held) - 2))
    for here, following in zip(held[place:], held[place + 1 :], strict=False):
        here.body, here.hash = following.body, following.hash
    session.delete(held[-1])


def cut_off_the_end(session: Session, data: st.DataObject) -> None:
    held = rows(session)
    for row in held[data.draw(st.integers(0, len(held) - 1)) :]:
        session.delete(row)


def swap_two(session: Session, data: st.DataObject) -> None:
    held = rows(session)
    one, other = data.draw(st.permutations(held))[:2]
    if (one.body, one.hash) == (other.body, other.hash):
        one.hash = GENESIS
        return
    one.body, one.hash, other.body, other.hash = other.body, other.hash, one.body, one.hash


def add_one_at_the_end(session: Session, data: st.DataObject) -> None:
    last, body = rows(session)[-1], canonical(data.draw(BODIES))
    number = last.number + 1
    session.add(JournalEntry(chain="c", number=number, body=body, hash=link("c", number, last.hash, body)))


def forge_from_one_entry_on(session: Session, data: st.DataObject) -> None:
    """Change a body and make every later hash fit again; only the head still knows better."""
    held = rows(session)
    place = data.draw(st.integers(0, len(held) - 1))
    change_a_body_of = held[place]
    change_a_body_of.body = data.draw(BODIES.map(canonical).filter(lambda body: body != change_a_body_of.body))
    before = held[place - 1].hash if place else GENESIS
    for row in held[place:]:
        row.hash = before = link("c", row.number, before, row.body)


def lose_the_head(session: Session, _: st.DataObject) -> None:
    session.execute(sa.delete(JournalHead))


def turn_the_head_back(session: Session, data: st.DataObject) -> None:
    held = rows(session)
    row = data.draw(st.sampled_from(held[:-1]))
    session.execute(sa.update(JournalHead).values(number=row.number, hash=row.hash))


TAMPERINGS: tuple[Tamper, ...] = (
    change_a_body,
    change_a_hash,
    delete_one,
    delete_one_and_close_the_gap,
    cut_off_the_end,
    swap_two,
    add_one_at_the_end,
    forge_from_one_entry_on,
    lose_the_head,
    turn_the_head_back,
)


def checked(bodies: list[dict[str, Any]], tamper: Tamper | None, data: st.DataObject) -> Verdict:
    """Write the chain, tamper with it, and check it; nothing of it is kept."""
    with Session(an_unguarded_database()) as session:
        for body in bodies:
            append(session, "c", body)
        if tamper:
            tamper(session, data)
            session.flush()
            session.expire_all()
        return verify(session, "c")


@given(CHAINS, st.data())
def test_an_honest_chain_is_sound(bodies: list[dict[str, Any]], data: st.DataObject) -> None:
    verdict = checked(bodies, None, data)
    assert (verdict.sound, verdict.entries) == (True, len(bodies))


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
@how(max_examples=50)
@given(bodies=CHAINS, data=st.data())
def test_tampering_is_found(tamper: Tamper, bodies: list[dict[str, Any]], data: st.DataObject) -> None:
    assert not checked(bodies, tamper, data).sound


@given(BODIES)
def test_one_entry_has_one_spelling(body: dict[str, Any]) -> None:
    assert canonical(body) == canonical(dict(reversed(list(body.items()))))


@given(st.tuples(TEXT, st.integers(1, 99), TEXT, TEXT), st.tuples(TEXT, st.integers(1, 99), TEXT, TEXT))
def test_different_entries_have_different_hashes(
    one: tuple[str, int, str, str], other: tuple[str, int, str, str]
) -> None:
    """Chain names and hashes hold no line break, so no part can pass for another."""
    if all("\n" not in part for entry in (one, other) for part in (entry[0], entry[2])):
        assert (link(*one) == link(*other)) == (one == other)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"bytes"])
def test_what_json_cannot_hold_is_never_written(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical({"value": value})


def test_sets_are_written_in_one_order() -> None:
    assert plain({"codes": {"b", "a"}}) == {"codes": ["a", "b"]}
