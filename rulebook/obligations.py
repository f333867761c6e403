"""Facts x laws: for each duty of the book one answer (one per authority), with why, by when, and what is still wanted."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from rulebook.answer import Answer, Nearby
from rulebook.conditions import Judge
from rulebook.deadlines import count
from rulebook.facts import Facts
from rulebook.law import Exemption, Law, Version
from rulebook.library import Rulebook
from rulebook.nearby import nearby
from rulebook.places import groups
from rulebook.plan import Planned
from rulebook.routes import Route
from rulebook.terms import Setting, Targets
from rulebook.verdicts import Verdict, all_of
from rulebook.versions import Choice
from rulebook.when import When
from rulebook.zones import zone

__all__ = ["Answer", "Targets", "answers"]

_NOT_STRICTER: Final = Verdict(False)
_DAY_FROM: Final = (
    "events.aware",
    "events.detected",
    "events.occurred_from",
)  # where the clock's own start is not known


def answers(
    facts: Facts,
    book: Rulebook,
    at: datetime | None = None,
    law_as_of: date | None = None,
    targets: Targets | None = None,
    duties: Iterable[str] | None = None,
) -> tuple[Answer, ...]:
    """Answer every duty of the book, or those named. `law_as_of` plays the facts under the law of that day, whatever their own day was.

    `at` is the moment of asking; its day chooses the version of a limit only where no event is known.
    """
    case = Case(facts, book, at, law_as_of, targets or Targets())
    return tuple(answer for key in (book.plan if duties is None else duties) for answer in case.answers(key))


class _Found(NamedTuple):
    """Whether a duty is owed, under the law of which day, and that day's limit."""

    verdict: Verdict
    on: date
    version: Version


class Case:
    """One set of facts before the whole book. It remembers what it has judged, since duties speak of each other."""

    def __init__(self, facts: Facts, book: Rulebook, at: datetime | None, as_of: date | None, targets: Targets) -> None:
        self.facts, self.book, self.at, self.as_of, self.targets = facts, book, at, as_of, targets
        self.instants = facts.instants()
        self.own_zone = facts.organisation.time_zone or "UTC"
        self.judge = Judge(facts)
        self.found: dict[str, _Found] = {}
        self.law_verdicts: dict[tuple[str, date], Verdict] = {}
        self.days: dict[tuple[str, str], tuple[date | None, tuple[str, ...]]] = {}
        self.told: dict[str, tuple[Answer, ...]] = {}

    def raised(self, people: Mapping[str, int | None]) -> "Case":
        """The same case, were there other numbers of people."""
        return Case(self.facts.changed(people=people), self.book, self.at, self.as_of, self.targets)

    def answers(self, key: str) -> tuple[Answer, ...]:
        """One answer, or one for each authority that the duty falls to."""
        told = self.told.get(key)
        if told is None:
            planned = self.book.plan[key]
            found = self._found(key)
            told = self.told[key] = (
                (self._no(planned, found),) if found.verdict.holds is False else tuple(self._owed(planned, found))
            )
        return told

    def verdict(self, key: str) -> Verdict:
        """Whether a duty is owed at all."""
        return self._found(key).verdict

    def _found(self, key: str) -> _Found:
        found = self.found.get(key)
        if found is None:
            planned = self.book.plan[key]
            on, day_from = self._day(planned)
            choice = planned.choice(on)
            found = self.found[key] = _Found(self._verdict(planned, on, choice, day_from), on, choice.version)
        return found

    def _verdict(self, planned: Planned, on: date, choice: Choice, day_from: tuple[str, ...]) -> Verdict:
        if not choice.in_force and not choice.unknown:
            return Verdict(False, (choice.because,), day_from)
        of_law = self._law_verdict(planned.law, on)
        if of_law.holds is False:
            return of_law
        verdicts = [Verdict(None, (choice.because,), day_from)] if choice.unknown else []
        verdicts += [of_law, self.judge(planned.duty.when, on)]
        verdicts += [self.judge(choice.version.when, on)] if choice.version.when else []
        verdict = all_of([*verdicts, *map(self._yields, planned.yields_to)])
        return verdict if verdict.holds is False else next(self._lifted(planned, on), verdict)

    def _law_verdict(self, law: Law, on: date) -> Verdict:
        found = self.law_verdicts.get((law.law, on))
        if found is None:
            found = self.law_verdicts[law.law, on] = self.judge(law.when, on)
        return found

    def _yields(self, key: str) -> Verdict:
        """A duty falls away where the one it yields to applies, and hangs in the air while that is not known."""
        other = self.verdict(key)
        if other.holds:
            return Verdict(False, (f"{key} takes its place",), other.used)
        if other.holds is None:
            return Verdict(None, (f"{key} would take its place: {'; '.join(other.because)}",), (), other.missing)
        return Verdict(True, (), other.used)

    def _lifted(self, planned: Planned, on: date) -> Iterator[Verdict]:
        """Each exemption that is shown to hold and leaves nothing of the duty."""
        for exemption in planned.lifting:
            shown = self.judge(exemption.when or When(), on)
            if shown.holds:
                yield Verdict(False, (f"{exemption.says} ({exemption.cite})",), shown.used)

    def _no(self, planned: Planned, found: _Found) -> Answer:
        answer = planned.no(found.version, planned.zone or self.own_zone, found.verdict)
        near = self._nearby(planned, found) if planned.counted else ()
        return answer._replace(nearby=near) if near else answer

    def _nearby(self, planned: Planned, found: _Found) -> tuple[Nearby, ...]:
        """Asked only where the number of people is among the reasons."""
        verdict = found.verdict
        asked = any(name.startswith("people") for name in (*verdict.used, *verdict.missing))
        return nearby(self, planned, found.on) if asked else ()

    def _owed(self, planned: Planned, found: _Found) -> Iterator[Answer]:
        """What applies, or may."""
        route = planned.rule(self.facts, found.on) if planned.rule else None
        verdict = _by(route, found.verdict) if route else found.verdict
        near = self._nearby(planned, found) if planned.counted and not verdict.holds else ()
        for authority in (route.to or (None,)) if route else (planned.duty.to,):
            answer = self._open(planned, found, verdict, authority)
            yield self._dated(answer._replace(nearby=near) if near else answer, planned, found)

    def _open(self, planned: Planned, found: _Found, verdict: Verdict, authority: str | None) -> Answer:
        return planned.still(found.version, authority, self._zone(planned, authority))._replace(
            answer="applies" if verdict.holds else "unknown",
            because="; ".join(verdict.because) or "it has no conditions",
            facts_used=verdict.used,
            missing_facts=verdict.missing,
        )

    def _dated(self, answer: Answer, planned: Planned, found: _Found) -> Answer:
        """The answer with its terms, and the limit counted from them."""
        _, on, version = found
        strict = self.judge(version.stricter.when, on) if version.stricter else _NOT_STRICTER
        terms = planned.terms(version, self._setting(answer, planned, version, strict), self.targets)
        limit = count(terms, self._starts(terms))
        clock = [terms["clock"]] if terms["clock"] in self.instants else []
        return answer._replace(
            facts_used=tuple(dict.fromkeys([*answer.facts_used, *strict.used, *clock])),
            missing_facts=tuple(dict.fromkeys([*answer.missing_facts, *strict.missing, *limit.missing])),
            target_at=limit.target_at,
            target_why=limit.target_why,
            due_at=limit.due_at,
            due_on=limit.due_on,
            due_kind=limit.due_kind,
            outer_at=limit.outer_at,
            reasons_after_at=limit.reasons_after_at,
            exemptions=tuple(self._told(each, on) for each in planned.exemptions),
            terms=terms,
        )

    def _setting(self, answer: Answer, planned: Planned, version: Version, strict: Verdict) -> Setting:
        """Whose clock and holidays count. What nobody has shown to be lax is counted strictly."""
        calendar = version.calendar
        if calendar == "authority":
            land = self.book.authorities[answer.authority].country if answer.authority else None
            calendar = None if land in groups() else land
        to = answer.authority if planned.rule else None
        return Setting(answer.time_zone, to, calendar, strict.holds is not False)

    def _told(self, exemption: Exemption, on: date) -> str:
        if exemption.instead is None:
            return f"{exemption.says} ({exemption.cite})"
        shown = exemption.when is not None and self.judge(exemption.when, on).holds
        how = "met instead by" if shown else "then instead"
        return f"{exemption.says} ({exemption.cite}); {how}: {exemption.instead}"

    def _day(self, planned: Planned) -> tuple[date, tuple[str, ...]]:
        """The day whose law applies, and the fact it comes from: the start of the clock, or the nearest to it that is known."""
        if self.as_of:
            return self.as_of, ()
        key = (planned.start, planned.zone or self.own_zone)
        found = self.days.get(key)
        if found is None:
            found = self.days[key] = self._first_day(*key)
        return found[0] or planned.law.checked_on, found[1]

    def _first_day(self, start: str, by: str) -> tuple[date | None, tuple[str, ...]]:
        for name in (start, *_DAY_FROM):
            if name in self.instants:
                return self.instants[name].astimezone(zone(by)).date(), (name,)
        return (self.at.astimezone(zone(by)).date() if self.at else None), ()

    def _zone(self, planned: Planned, authority: str | None) -> str:
        """Whose clock counts: the authority's, else the law's own, else the organisation's."""
        own = self.book.authorities[authority].time_zone if authority else None
        return own or planned.law.time_zone or self.own_zone

    def _starts(self, terms: Mapping[str, Any]) -> Mapping[str, datetime]:
        """All known instants, and the ends of other duties' time as far as these terms count from them."""
        starts = [terms["clock"], *(period["clock"] for period in terms["periods"])]
        wanted = [name for name in starts if name.startswith("deadlines.")]
        wanted += [terms["chained"]["to"]] if terms["chained"] else []
        if not wanted:
            return self.instants
        keys = {name.partition(".")[2].partition("@")[0] for name in wanted}
        ends = {f"deadlines.{key}": self.answers(key)[0].due_at for key in keys}
        return self.instants | {name: at for name, at in ends.items() if at}


def _by(route: Route, verdict: Verdict) -> Verdict:
    """The verdict with what the choice of authority rests on, or still needs."""
    return Verdict(
        verdict.holds,
        (*verdict.because, route.because),
        (*verdict.used, *route.used),
        (*verdict.missing, *route.missing),
    )
