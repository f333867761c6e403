"""Facts x laws: for each duty of the book one answer (one per authority), with why, by when, and what is still wanted."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rulebook.answer import Answer, Reply
from rulebook.conditions import judge
from rulebook.deadlines import count
from rulebook.facts import Facts
from rulebook.law import Duty, Exemption, Law, Version
from rulebook.library import Rulebook
from rulebook.places import groups
from rulebook.routes import ROUTES, Route
from rulebook.terms import Setting, Targets, terms
from rulebook.verdicts import Verdict, all_of
from rulebook.versions import choose

__all__ = ["Answer", "Targets", "answers"]

_REPLY: Mapping[bool | None, Reply] = {True: "applies", False: "does_not_apply", None: "unknown"}
_DAY_FROM = ("events.aware", "events.detected", "events.occurred_from")  # where the clock's own start is not known


def answers(
    facts: Facts,
    book: Rulebook,
    at: datetime | None = None,
    law_as_of: date | None = None,
    targets: Targets | None = None,
) -> tuple[Answer, ...]:
    """Answer every duty of the book. `law_as_of` plays the facts under the law of that day, whatever their own day was.

    `at` is the moment of asking; its day chooses the version of a limit only where no event is known.
    """
    case = _Case(facts, book, at, law_as_of, targets or Targets())
    return tuple(answer for key in book.by_duty for answer in case.answers(key))


class _Case:
    """One set of facts before the whole book. It remembers what it has judged, since duties speak of each other."""

    def __init__(self, facts: Facts, book: Rulebook, at: datetime | None, as_of: date | None, targets: Targets) -> None:
        self.facts, self.book, self.at, self.as_of, self.targets = facts, book, at, as_of, targets
        self.instants = facts.instants()
        self.duties = book.by_duty
        self.verdicts: dict[str, Verdict] = {}
        self.law_verdicts: dict[tuple[str, date], Verdict] = {}
        self.days: dict[tuple[str, str], tuple[date | None, tuple[str, ...]]] = {}

    def answers(self, key: str) -> Iterator[Answer]:
        """One answer, or one for each authority that the duty falls to."""
        law, duty = self.duties[key]
        verdict = self.verdict(key)
        by_rule = ROUTES.get(duty.to or "")
        if by_rule is None or verdict.holds is False:
            yield self._answer(law, key, verdict, None if by_rule else duty.to)
        else:
            route = by_rule(self.facts, self._day(law, duty)[0])
            for authority in route.to or (None,):
                yield self._answer(law, key, _by(route, verdict), authority)

    def verdict(self, key: str) -> Verdict:
        """Whether a duty is owed at all."""
        if key not in self.verdicts:
            law, duty = self.duties[key]
            self.verdicts[key] = self._verdict(law, duty)
        return self.verdicts[key]

    def _verdict(self, law: Law, duty: Duty) -> Verdict:
        on, day_from = self._day(law, duty)
        choice = choose(duty, on)
        if not choice.in_force and not choice.unknown:
            return Verdict(False, (choice.because,), day_from)
        of_law = self._law_verdict(law, on)
        if of_law.holds is False:
            return of_law
        beyond_the_book = [Verdict(None, (choice.because,), day_from)] if choice.unknown else []
        own = [judge(when, self.facts, on) for when in (duty.when, choice.version.when) if when]
        others = [self._yields(key) for key in (*law.yields_to, *duty.yields_to)]
        verdict = all_of([*beyond_the_book, of_law, *own, *others])
        return verdict if verdict.holds is False else next(self._lifted(law, duty, on), verdict)

    def _law_verdict(self, law: Law, on: date) -> Verdict:
        if (law.law, on) not in self.law_verdicts:
            self.law_verdicts[law.law, on] = judge(law.when, self.facts, on)
        return self.law_verdicts[law.law, on]

    def _yields(self, key: str) -> Verdict:
        """A duty falls away where the one it yields to applies, and hangs in the air while that is not known."""
        other = self.verdict(key)
        if other.holds:
            return Verdict(False, (f"{key} takes its place",), other.used)
        if other.holds is None:
            return Verdict(None, (f"{key} would take its place: {'; '.join(other.because)}",), (), other.missing)
        return Verdict(True, (), other.used)

    def _lifted(self, law: Law, duty: Duty, on: date) -> Iterator[Verdict]:
        """Each exemption that is shown to hold and leaves nothing of the duty."""
        for exemption in (*law.unless, *duty.unless):
            if exemption.when and not exemption.instead:
                shown = judge(exemption.when, self.facts, on)
                if shown.holds:
                    yield Verdict(False, (f"{exemption.says} ({exemption.cite})",), shown.used)

    def _answer(self, law: Law, key: str, verdict: Verdict, authority: str | None) -> Answer:
        duty = self.duties[key][1]
        on, _ = self._day(law, duty)
        version = choose(duty, on).version
        answer = Answer(
            duty=key,
            law=law.law,
            title=duty.title,
            answer=_REPLY[verdict.holds],
            because="; ".join(verdict.because) or "it has no conditions",
            facts_used=verdict.used,
            missing_facts=verdict.missing,
            recipient=duty.tell,
            authority=authority,
            phase=duty.phase,
            due_kind=version.due_kind,
            time_zone=self._zone(law, authority),
            late=duty.late,
            citation=version.cite,
            href=version.href,
            status=version.status,
            contents=tuple(duty.contents.items()),
        )
        return answer if verdict.holds is False else self._dated(answer, law, duty, version, on)

    def _dated(self, answer: Answer, law: Law, duty: Duty, version: Version, on: date) -> Answer:
        """The answer with its terms, and the limit counted from them."""
        strict = judge(version.stricter.when, self.facts, on) if version.stricter else Verdict(False)
        own_terms = terms(duty, version, self._setting(answer, duty, version, strict), self.targets)
        limit = count(own_terms, self._starts(own_terms))
        clock = [own_terms["clock"]] if own_terms["clock"] in self.instants else []
        return replace(
            answer,
            facts_used=tuple(dict.fromkeys([*answer.facts_used, *strict.used, *clock])),
            missing_facts=tuple(dict.fromkeys([*answer.missing_facts, *strict.missing, *limit.missing])),
            target_at=limit.target_at,
            target_why=limit.target_why,
            due_at=limit.due_at,
            due_on=limit.due_on,
            due_kind=limit.due_kind,
            outer_at=limit.outer_at,
            reasons_after_at=limit.reasons_after_at,
            exemptions=tuple(self._told(each, on) for each in (*law.unless, *duty.unless)),
            terms=own_terms,
        )

    def _setting(self, answer: Answer, duty: Duty, version: Version, strict: Verdict) -> Setting:
        """Whose clock and holidays count. What nobody has shown to be lax is counted strictly."""
        calendar = version.calendar
        if calendar == "authority":
            land = self.book.authorities[answer.authority].country if answer.authority else None
            calendar = None if land in groups() else land
        to = answer.authority if duty.to in ROUTES else None
        return Setting(answer.time_zone, to, calendar, strict=strict.holds is not False)

    def _told(self, exemption: Exemption, on: date) -> str:
        words = f"{exemption.says} ({exemption.cite})"
        if exemption.instead is None:
            return words
        shown = exemption.when is not None and judge(exemption.when, self.facts, on).holds
        return f"{words}; {'met instead by' if shown else 'then instead'}: {exemption.instead}"

    def _day(self, law: Law, duty: Duty) -> tuple[date, tuple[str, ...]]:
        """The day whose law applies, and the fact it comes from: the start of the clock, or the nearest to it that is known."""
        if self.as_of:
            return self.as_of, ()
        start = f"events.{duty.version_by}" if duty.version_by else duty.clock.fact
        zone = self._zone(law, duty.to if duty.to in self.book.authorities else None)
        if (start, zone) not in self.days:
            self.days[start, zone] = self._first_day(start, zone)
        on, day_from = self.days[start, zone]
        return on or law.checked_on, day_from

    def _first_day(self, start: str, zone: str) -> tuple[date | None, tuple[str, ...]]:
        for name in (start, *_DAY_FROM):
            if name in self.instants:
                return self.instants[name].astimezone(ZoneInfo(zone)).date(), (name,)
        return (self.at.astimezone(ZoneInfo(zone)).date() if self.at else None), ()

    def _zone(self, law: Law, authority: str | None) -> str:
        """Whose clock counts: the authority's, else the law's own, else the organisation's."""
        if authority:
            return self.book.authorities[authority].time_zone
        return law.time_zone or self.facts.organisation.time_zone or "UTC"

    def _starts(self, of_terms: dict[str, Any]) -> dict[str, datetime]:
        """All known instants, and the ends of other duties' time as far as these terms count from them."""
        starts = [of_terms["clock"], *(period["clock"] for period in of_terms["periods"])]
        wanted = [name for name in starts if name.startswith("deadlines.")]
        wanted += [of_terms["chained"]["to"]] if of_terms["chained"] else []
        if not wanted:
            return self.instants
        keys = {name.partition(".")[2].partition("@")[0] for name in wanted}
        ends = {f"deadlines.{key}": next(self.answers(key)).due_at for key in keys}
        return self.instants | {name: at for name, at in ends.items() if at}


def _by(route: Route, verdict: Verdict) -> Verdict:
    """The verdict with what the choice of authority rests on, or still needs."""
    return Verdict(
        verdict.holds,
        (*verdict.because, route.because),
        (*verdict.used, *route.used),
        (*verdict.missing, *route.missing),
    )
