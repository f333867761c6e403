"""Runs the worked examples of every law: what is owed by when, what is not, and what is unknown for want of which fact."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from rulebook import facts
from rulebook.library import book
from rulebook.obligations import Answer, answers
from rulebook.reading import parse

HERE = Path(__file__).parent
TIMES = {"targets": "target_at", "outer": "outer_at", "reasons_after": "reasons_after_at"}
DUTIES = ("owed", "not_owed", "unknown", "missing", "to")
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
    named = dict.fromkeys(duty for part in (*DUTIES, *TIMES) for duty in example.get(part, ()))
    for answer in answers(facts.assemble(given), book(), law_as_of=as_of, duties=named):
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


def test_some_duties_are_answered_as_among_all() -> None:
    for example, given in [one.values for one in _examples()][::97]:
        told = facts.assemble(given)
        named = [duty for duty in book().by_duty if duty in example.get("owed", {})]
        assert answers(told, book(), duties=named) == tuple(
            answer for answer in answers(told, book()) if answer.duty in named
        )


def test_no_duty_of_the_book_was_lost_or_renamed() -> None:
    """Keys of duties never change: obligations, decisions and receipts speak of them for years."""
    listed = (HERE / "duties.txt").read_text(encoding="utf-8").split()
    assert listed == sorted(set(listed))
    assert set(listed) == set(book().by_duty), "add a new duty to duties.txt; one that was repealed stays in the book"


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
