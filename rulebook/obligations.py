"""Facts x laws: for each duty of the book one answer (one per authority), with why, by when, and what is still wanted."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rulebook.answer import Answer, Reply
from rulebook.conditions import judge
from rulebook.deadlines import count
from rulebook.facts import Facts
from rulebook.law import Duty, Exemption, Law
from rulebook.library import Rulebook
from rulebook.routes import ROUTES, Route
from rulebook.terms import Targets, terms
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
    return tuple(answer for _, key, _ in book.duties() for answer in case.answers(key))


class _Case:
    """One set of facts before the whole book. It remembers what it has judged, since duties speak of each other."""

    def __init__(self, facts: Facts, book: Rulebook, at: datetime | None, as_of: date | None, targets: Targets) -> None:
        self.facts, self.book, self.at, self.as_of, self.targets = facts, book, at, as_of, targets
        self.instants = facts.instants()
        self.duties = {key: (law, duty) for law, key, duty in book.duties()}
        self.verdicts: dict[str, Verdict] = {}
        self.law_verdicts: dict[tuple[str, date], Verdict] = {}

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
        if not choice.in_force:
            return Verdict(None if choice.unknown else False, (choice.because,), day_from)
        own = [judge(when, self.facts, on) for when in (duty.when, choice.version.when) if when]
        others = [self._yields(key) for key in (*law.yields_to, *duty.yields_to)]
        verdict = all_of([self._law_verdict(law, on), *own, *others])
        if verdict.holds is False:
            return verdict
        return next(self._lifted(law, duty, on), verdict)

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
        open_still = verdict.holds is not False
        own_terms = terms(
            duty, version, self._zone(law, authority), authority if duty.to in ROUTES else None, self.targets
        )
        limit = count(own_terms, self._starts(own_terms) if open_still else {})
        clock = [own_terms["clock"]] if open_still and own_terms["clock"] in self.instants else []
        return Answer(
            duty=key,
            law=law.law,
            title=duty.title,
            answer=_REPLY[verdict.holds],
            because="; ".join(verdict.because) or "it has no conditions",
            facts_used=tuple(dict.fromkeys([*verdict.used, *clock])),
            missing_facts=tuple(dict.fromkeys([*verdict.missing, *limit.missing])) if open_still else (),
            recipient=duty.tell,
            authority=authority,
            phase=duty.phase,
            target_at=limit.target_at,
            target_why=limit.target_why,
            due_at=limit.due_at,
            due_on=limit.due_on,
            due_kind=limit.due_kind,
            outer_at=limit.outer_at,
            reasons_after_at=limit.reasons_after_at,
            time_zone=own_terms["time_zone"],
            late=duty.late,
            citation=version.cite,
            href=version.href,
            status=version.status,
            contents=tuple(duty.contents.items()),
            exemptions=tuple(self._told(each, on) for each in (*law.unless, *duty.unless)) if open_still else (),
            terms=own_terms if open_still else {},
        )

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
        zone = ZoneInfo(self._zone(law, duty.to if duty.to in self.book.authorities else None))
        for name in (start, *_DAY_FROM):
            if name in self.instants:
                return self.instants[name].astimezone(zone).date(), (name,)
        return (self.at.astimezone(zone).date() if self.at else law.checked_on), ()

    def _zone(self, law: Law, authority: str | None) -> str:
        """Whose clock counts: the authority's, else the law's own, else the organisation's."""
        if authority:
            return self.book.authorities[authority].time_zone
        return law.time_zone or self.facts.organisation.time_zone or "UTC"

    def _starts(self, of_terms: dict[str, Any]) -> dict[str, datetime]:
        """All known instants, and the ends of other duties' time as far as these terms count from them."""
        chained = of_terms["chained"] or {"to": ""}
        names = [of_terms["clock"], chained["to"], *(period["clock"] for period in of_terms["periods"])]
        wanted = {name.partition(".")[2] for name in names if name.startswith("deadlines.") or name == chained["to"]}
        ends = {f"deadlines.{key}": next(self.answers(key)).due_at for key in wanted if key in self.duties}
        return self.instants | {name: at for name, at in ends.items() if at}


def _by(route: Route, verdict: Verdict) -> Verdict:
    """The verdict with what the choice of authority rests on, or still needs."""
    return Verdict(
        verdict.holds,
        (*verdict.because, route.because),
        (*verdict.used, *route.used),
        (*verdict.missing, *route.missing),
    )
