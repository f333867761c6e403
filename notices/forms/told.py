"""Answers about telling the people affected: whether, when, how, and how many of them."""

from collections.abc import Callable

from notices.forms.form import Answer
from notices.forms.known import Known


def told_of(known: Known, name: str, options: tuple[str, ...]) -> Answer:
    """The template's option for whether people were told: a high risk that nobody acted on yet means that it is planned."""
    state = known.text("people_told") or ("planned" if known.text("risk") == "high" else "")
    if known.texts("story.article_34_3"):
        return Answer(options[5])
    if state in ("told", "already_aware"):
        return Answer(options[0])
    if state == "planned":
        return Answer(options[1 if known.day("story.people_told_from") else 2])
    if state == "not_needed" or known.text("risk") in ("risk", "unlikely"):
        return Answer(options[4])
    return Answer(options[3], unknown=True)


def everyone_told(known: Known, name: str, options: tuple[str, ...]) -> Answer:
    """Whether all of them were told, by the ledger."""
    told, affected = known.number("ledger.told"), known.number("ledger.affected")
    return Answer(None if told is None or affected is None else options[0 if told >= affected else 1])


def how_many_told(known: Known, name: str, options: tuple[str, ...]) -> Answer:
    """How many have been told so far."""
    return Answer(known.number("ledger.told"))


TELLING: dict[str, Callable[..., Answer]] = {
    "told_of": told_of,
    "everyone_told": everyone_told,
    "how_many_told": how_many_told,
}
