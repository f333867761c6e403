"""Answers about the European Economic Area: where the controller is, and where the people are."""

from collections.abc import Callable

from notices.forms.form import Answer
from notices.forms.known import Known

EEA = frozenset(
    "AT BE BG HR CY CZ DK EE ES FI FR DE GR HU IS IE IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905 - a list of thirty codes reads better as words
)


def in_eea(known: Known) -> bool:
    """Whether the controller is established there; who said nothing about establishments is asked as if it were."""
    told = known.texts("organisation.establishments")
    return not told or bool(EEA & set(told))


def _eea_of(known: Known, name: str, options: tuple[str, ...]) -> Answer:
    return Answer(tuple(place for place in known.texts(name) if place in EEA) or None)


def _people_in_eea(known: Known, name: str, options: tuple[str, ...]) -> Answer:
    return Answer(tuple(sorted(_counts(known))) or None)


def _people_by_country(known: Known, name: str, options: tuple[str, ...]) -> Answer:
    counts = _counts(known)
    told = tuple(f"{place}: {count}" for place, count in sorted(counts.items()) if count is not None)
    return Answer(told or None, unknown=len(told) < len(counts))


def _gdpr_from_outside(known: Known, name: str, options: tuple[str, ...]) -> Answer:
    told = known.texts("organisation.directed_at")
    if not told:
        return Answer(options[2], unknown=True)
    return Answer(options[0 if EEA & set(told) else 1])


def _counts(known: Known) -> dict[str, int | None]:
    return {place: count for place, count in known.counts("people").items() if place in EEA}


EEA_ANSWERS: dict[str, Callable[..., Answer]] = {
    "eea_of": _eea_of,
    "people_in_eea": _people_in_eea,
    "people_by_country": _people_by_country,
    "gdpr_from_outside": _gdpr_from_outside,
}
ASKED_IN_EEA: dict[str, Callable[[Known], bool]] = {
    "in_eea": in_eea,
    "outside_eea": lambda known: not in_eea(known),
}
