"""Whether the laws of one book fit together: each duty key once, and every duty or authority that is named exists."""

from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from rulebook.law import BadLaw, Duty, Law
from rulebook.reading import Page, near
from rulebook.routes import ROUTES


def check(
    laws: Mapping[str, Law], authorities: Collection[str], files: Mapping[str, str], pages: Mapping[str, Page]
) -> None:
    """Raises BadLaw at the first thing that does not fit."""
    owners: dict[str, str] = {}
    for law in laws.values():
        for key in law.duties:
            if key in owners:
                raise _bad(law, files, pages, f"the duty is also in {files[owners[key]]}", "duties", key)
            owners[key] = law.law
    for law in laws.values():
        for key, duty in law.duties.items():
            for named in _named(law, duty):
                if named not in owners:
                    raise _bad(
                        law, files, pages, f"{named!r} is not a duty of the book.{near(named, owners)}", "duties", key
                    )
            receivers = [*authorities, *ROUTES]
            if duty.to and duty.to not in receivers:
                says = f"{duty.to!r} is neither an authority nor a rule of routes.py.{near(duty.to, receivers)}"
                raise _bad(law, files, pages, says, "duties", key, "to")
    _no_circles(laws, owners, files, pages)


def _no_circles(
    laws: Mapping[str, Law], owners: Mapping[str, str], files: Mapping[str, str], pages: Mapping[str, Page]
) -> None:
    """A duty must not wait for itself through others, or nothing could be counted."""
    named = {key: set(_named(law, duty)) for law in laws.values() for key, duty in law.duties.items()}
    try:
        TopologicalSorter(named).prepare()
    except CycleError as circle:
        around = circle.args[1]
        says = f"these duties wait for each other: {' → '.join(around)}"
        raise _bad(laws[owners[around[0]]], files, pages, says, "duties", around[0]) from None


def _named(law: Law, duty: Duty) -> Iterator[str]:
    """Every duty that this one speaks of."""
    yield from (*law.yields_to, *duty.yields_to)
    clocks = [duty.clock, *(version.cap.clock for version in duty.limits if version.cap)]
    chained = [named for version in duty.limits for named in (version.with_duty, version.before_duty)]
    yield from (named for clock in clocks for named in (clock.filed, clock.deadline_of) if named)
    yield from (named for named in chained if named)


def _bad(law: Law, files: Mapping[str, str], pages: Mapping[str, Page], says: str, *where: str) -> BadLaw:
    file = files[law.law]
    return BadLaw(file, ".".join(where), pages[file].line(where), says)
