"""The words that facts and laws share, read once from codes.yaml."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import cast

from rulebook.reading import near, parse

SHELF = Path(__file__).parent


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Every list of words by its name ("roles", "data", …): code → meaning."""
    book = cast("dict[str, dict[str, str]]", parse((SHELF / "codes.yaml").read_text(encoding="utf-8")).value)
    return MappingProxyType(
        {name: MappingProxyType(meanings) for name, meanings in book.items() if name != "stand_ins"}
    )


@cache
def stand_ins(event: str) -> tuple[str, ...]:
    """Earlier events from which a provisional target may be counted while this one is not known."""
    book = cast("dict[str, dict[str, list[str]]]", parse((SHELF / "codes.yaml").read_text(encoding="utf-8")).value)
    return tuple(book["stand_ins"].get(event, ()))


def known(word: str, in_list: str) -> str:
    """The word itself if the list has it; otherwise a ValueError that names the nearest one."""
    if word not in words()[in_list]:
        raise ValueError(f"{word!r} is not a code for {in_list}.{near(word, words()[in_list])}")
    return word
