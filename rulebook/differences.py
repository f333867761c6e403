"""What two books say differently, law by law, as a reader would mark it in the margin."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rulebook.law import Authority, Law
from rulebook.library import Rulebook


class Difference(NamedTuple):
    """One thing that changed: in which law or room of authorities, about what, and both sides (None: not there)."""

    where: str
    what: str
    old: str | None
    new: str | None


def differences(old: Rulebook, new: Rulebook) -> tuple[Difference, ...]:
    """Every difference, by law and then by authority; nothing where both say the same, whatever their bytes."""
    laws = _between(old.laws, new.laws, _law)
    return (*laws, *_between(old.authorities, new.authorities, _authority))


def _between(old: Mapping[str, Any], new: Mapping[str, Any], told: Any) -> Iterator[Difference]:
    for key in sorted({*old, *new}):
        if key not in new or key not in old:
            gone = key not in new
            title = told((old if gone else new)[key])["title"]
            yield Difference(key, "the whole of it", title if gone else None, None if gone else title)
            continue
        before, after = told(old[key]), told(new[key])
        for what in dict.fromkeys([*before, *after]):
            if before.get(what) != after.get(what):
                yield Difference(key, what, before.get(what), after.get(what))


def _law(law: Law) -> dict[str, str]:
    told = law.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return dict(_lines(told, ""))


def _authority(authority: Authority) -> dict[str, str]:
    told = authority.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"title": authority.name} | dict(_lines(told, ""))


def _lines(told: Any, where: str) -> Iterator[tuple[str, str]]:
    """Each value by its place. The entries of a list are named by what tells them apart, so that one more moves none."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from _lines(value, f"{where}.{key}" if where else key)
    elif isinstance(told, list) and told and all(isinstance(each, dict) for each in told):
        for number, each in enumerate(told):
            mark = next((each[key] for key in ("exemption", "hold", "from") if each.get(key)), number + 1)
            yield from _lines(each, f"{where}[{mark}]")
    else:
        yield where, ", ".join(map(str, told)) if isinstance(told, list) else str(told)
