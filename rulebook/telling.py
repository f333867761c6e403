"""A law as a lawyer reads it: labelled lines on who, when, what, exceptions, penalties, source and mark."""

from collections.abc import Iterator

from rulebook import codes
from rulebook.law import Duty, Law
from rulebook.library import Rulebook
from rulebook.prose import clock, conditions, exemption, limit, mark, place
from rulebook.routes import MEANING, ROUTES

Line = tuple[str, str]


def law_lines(law: Law) -> Iterator[Line]:
    """What a law says for all its duties."""
    yield "who", law.who
    yield "trigger", law.trigger
    yield "where", ", ".join(map(place, law.jurisdiction))
    yield from (("applies if", each) for each in conditions(law.when))
    yield from (("yields to", each) for each in law.yields_to)
    yield from (("unless", exemption(each)) for each in law.unless)
    yield from (("together", f"{one.says}. {one.cite} [{mark(one.status)}]") for one in (law.together,) if one)
    yield from (("penalties", each) for each in (law.penalties,) if each)
    yield from (("power", each) for each in (law.power,) if each)
    yield from (("changes", each) for each in law.changes)
    yield from (("note", each) for each in law.notes)
    yield "source", f"{law.href}, compared on {law.checked_on}"


def duty_lines(book: Rulebook, duty: Duty) -> Iterator[Line]:
    """What one duty asks, of whom, by when."""
    yield "tell", told(book, duty)
    if duty.phase != "initial":
        yield "phase", codes.words()["phases"][duty.phase]
    yield from (("applies if", each) for each in conditions(duty.when))
    yield from (("yields to", each) for each in duty.yields_to)
    yield from (("unless", exemption(each)) for each in duty.unless)
    yield "clock", f"starts when: {clock(duty.clock)}"
    yield from (("limit", limit(version)) for version in duty.limits)
    if duty.late:
        yield "if late", "the report is still owed, with the reasons for the delay"
    yield from (("say", words) for words in duty.contents.values())
    yield from (("form", each) for each in (duty.form,) if each)
    yield from (("hold", f"{each.says}. {each.cite} [{mark(each.status)}]") for each in duty.holds)


def told(book: Rulebook, duty: Duty) -> str:
    """Who must be told: by name, or by what the law's own rule for choosing says."""
    recipient = codes.words()["recipients"][duty.tell]
    if duty.to is None:
        return recipient
    if duty.to in ROUTES:
        return f"{recipient}: {MEANING[duty.to]}"
    authority = book.authorities[duty.to]
    ways = ", ".join(dict.fromkeys(way.kind for way in authority.ways))
    return f"{authority.name} ({ways or 'no way of reporting is known'}) {authority.href}"
