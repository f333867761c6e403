"""Runs the worked examples of every law: what is owed by when, what is not, and what is unknown for want of which fact."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rulebook import facts
from rulebook.law import Law
from rulebook.library import Rulebook, book
from rulebook.obligations import Answer, answers
from rulebook.reading import parse

HERE = Path(__file__).parent
TIMES = {"targets": "target_at", "outer": "outer_at", "reasons_after": "reasons_after_at"}
KEYS = {"name", "facts", "law_as_of", "owed", *TIMES, "missing", "not_owed", "unknown", "to"}


def _examples() -> Iterator[Any]:
    for path in sorted(HERE.glob("*/*.yaml")):
        page: Any = parse(path.read_text(encoding="utf-8")).value
        for example in page["examples"]:
            given = _over(page.get("given", {}), example.get("facts", {}))
            yield pytest.param(example, given, id=f"{path.parent.name}/{path.stem}: {example['name']}")


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """One set of facts laid over another; mappings of an organisation, events … are laid over key by key, people replaced."""
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, Mapping) and isinstance(below.get(key), Mapping) and key != "people"
        merged[key] = _over(below[key], value) if both else value
    return merged


@pytest.mark.parametrize(("example", "given"), list(_examples()))
def test_a_worked_example_comes_out_as_the_law_has_it(example: dict[str, Any], given: dict[str, Any]) -> None:
    assert set(example) <= KEYS
    as_of = date.fromisoformat(example["law_as_of"]) if "law_as_of" in example else None
    found: dict[str, list[Answer]] = {}
    for answer in answers(facts.assemble(given), _part(frozenset(_named(example))), law_as_of=as_of):
        found.setdefault(answer.duty, []).append(answer)
    for duty, due in example.get("owed", {}).items():
        for answer in found[duty]:
            assert (answer.answer, _due(answer)) == ("applies", _told(due)), f"{duty}: {answer.because}"
    for duty in example.get("not_owed", ()):
        assert [a.answer for a in found[duty]] == ["does_not_apply"], duty
    for duty, missing in example.get("unknown", {}).items():
        assert [(a.answer, list(a.missing_facts)) for a in found[duty]] == [("unknown", missing)], duty
    for duty, missing in example.get("missing", {}).items():
        assert [list(a.missing_facts) for a in found[duty]] == [missing], duty
    for duty, authorities in example.get("to", {}).items():
        assert [a.authority for a in found[duty]] == authorities, duty
    for name, field in TIMES.items():
        for duty, at in example.get(name, {}).items():
            assert [getattr(a, field) for a in found[duty]] == [_told(at)], f"{duty} {name}"


def _named(example: Mapping[str, Any]) -> Iterator[str]:
    """The duties that an example speaks of."""
    for told in KEYS - {"name", "facts", "law_as_of"}:
        yield from example.get(told, ())


@cache
def _part(duties: frozenset[str]) -> Rulebook:
    """The laws of these duties and all that they refer to: three thousand examples need not ask every law each."""
    whole, laws, wanted = book(), dict[str, Law](), set(duties)
    while wanted:
        law, _ = whole.by_duty[wanted.pop()]
        if law.law not in laws:
            laws[law.law] = law
            wanted |= set(re.findall(r'"([a-z0-9-]+)"', law.model_dump_json())) & set(whole.by_duty)
    return replace(whole, laws={name: law for name, law in whole.laws.items() if name in laws})  # in the book's order


def test_a_part_of_the_book_answers_as_the_whole() -> None:
    for number, one in enumerate(_examples()):
        if number % 97 == 0:
            example, given = one.values
            told, part = facts.assemble(given), _part(frozenset(_named(example)))
            asked = {answer.duty for answer in answers(told, part)}
            assert list(answers(told, part)) == [one for one in answers(told, book()) if one.duty in asked]


def _due(answer: Answer) -> datetime | date | None:
    return answer.due_on or answer.due_at


def _told(due: str | None) -> datetime | date | None:
    if due is None:
        return None
    return date.fromisoformat(due) if len(due) == 10 else datetime.fromisoformat(due)


def test_every_law_has_its_examples_and_each_duty_is_owed_in_one() -> None:
    for law in book().laws.values():
        path = HERE / Path(book().files[law.law]).relative_to("laws")
        page: Any = parse(path.read_text(encoding="utf-8")).value
        owed = {duty for example in page["examples"] for duty in example.get("owed", {})}
        spared = {duty for example in page["examples"] for duty in example.get("not_owed", {})}
        ever_law = {key for key, duty in law.duties.items() if duty.dated}
        assert ever_law <= owed, f"{path}: {ever_law - owed} is never owed"
        assert set(law.duties) - ever_law <= spared, f"{path}: a bill that no example shows to bind nobody"
