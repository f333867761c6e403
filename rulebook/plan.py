"""What a book can work out before any facts are told: for each duty its clock, its route, and the still part of its answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, TypeVar

from rulebook.answer import Answer
from rulebook.law import Authority, Duty, Exemption, Law, Version
from rulebook.routes import ROUTES, Rule
from rulebook.terms import Setting, Targets, terms
from rulebook.verdicts import Verdict
from rulebook.versions import Choice, choose
from rulebook.when import People

MANY: Final = 200  # days, zones or targets that one duty remembers before it begins again
_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Planned:
    """One duty, ready to be asked. What depends on its law alone is remembered, for the next incident too."""

    key: str
    law: Law
    duty: Duty
    start: str  # the instant whose day chooses among the limits
    zone: str | None  # by whose clock, where that does not depend on the organisation
    rule: Rule | None  # how the authorities are found, where the law does not name one
    yields_to: tuple[str, ...]
    exemptions: tuple[Exemption, ...]
    lifting: tuple[Exemption, ...]  # those that can be shown, and then leave nothing of the duty
    counted: tuple[People, ...]  # the numbers of people that it may depend on
    _choices: dict[date, Choice] = field(default_factory=dict)
    _stills: dict[tuple[int, str | None, str], Answer] = field(default_factory=dict)
    _noes: dict[tuple[int, str, Verdict], Answer] = field(default_factory=dict)
    _terms: dict[tuple[int, Setting, Targets], Mapping[str, Any]] = field(default_factory=dict)

    def choice(self, on: date) -> Choice:
        """The limit in force on a day, or the nearest and why it is not."""
        return self._choices.get(on) or _keep(self._choices, on, choose(self.duty, on))

    def still(self, version: Version, authority: str | None, zone: str) -> Answer:
        """An answer that lacks all that depends on facts."""
        key = (id(version), authority, zone)
        return self._stills.get(key) or _keep(self._stills, key, _still(self, version, authority, zone))

    def no(self, version: Version, zone: str, verdict: Verdict) -> Answer:
        """The answer that it does not apply. Most laws of the world say so of most incidents, in the same words."""
        key = (id(version), zone, verdict)
        return self._noes.get(key) or _keep(self._noes, key, self._no(version, zone, verdict))

    def _no(self, version: Version, zone: str, verdict: Verdict) -> Answer:
        still = self.still(version, None if self.rule else self.duty.to, zone)
        return still._replace(answer="does_not_apply", because="; ".join(verdict.because), facts_used=verdict.used)

    def terms(self, version: Version, setting: Setting, targets: Targets) -> Mapping[str, Any]:
        """The terms of an obligation."""
        key = (id(version), setting, targets)
        return self._terms.get(key) or _keep(self._terms, key, terms(self.duty, version, setting, targets))


def plan(laws: Iterable[Law], authorities: Mapping[str, Authority]) -> Mapping[str, Planned]:
    """Every duty of the book by its key."""
    return MappingProxyType(
        {key: _planned(law, key, duty, authorities) for law in laws for key, duty in law.duties.items()}
    )


def _planned(law: Law, key: str, duty: Duty, authorities: Mapping[str, Authority]) -> Planned:
    rule = ROUTES.get(duty.to or "")
    exemptions = (*law.unless, *duty.unless)
    return Planned(
        key=key,
        law=law,
        duty=duty,
        start=f"events.{duty.version_by}" if duty.version_by else duty.clock.fact,
        zone=(authorities[duty.to].time_zone if duty.to and not rule else None) or law.time_zone,
        rule=rule,
        yields_to=(*law.yields_to, *duty.yields_to),
        exemptions=exemptions,
        lifting=tuple(each for each in exemptions if each.when and not each.instead),
        counted=tuple(dict.fromkeys(_counted(law, duty))),
    )


def _counted(law: Law, duty: Duty) -> Iterator[People]:
    """Every number of people that must be reached for the duty to be owed."""
    written = [law.when, duty.when, *(version.when for version in duty.limits if version.when)]
    for when in (*written, *(one for each in written for one in each.any_of)):
        if when.people and when.people.floor > 1:
            yield when.people


def _still(planned: Planned, version: Version, authority: str | None, zone: str) -> Answer:
    duty = planned.duty
    return Answer(
        duty=planned.key,
        law=planned.law.law,
        title=duty.title,
        answer="unknown",
        because="",
        facts_used=(),
        missing_facts=(),
        recipient=duty.tell,
        authority=authority,
        phase=duty.phase,
        due_kind=version.due_kind,
        time_zone=zone,
        late=duty.late,
        citation=version.cite,
        href=version.href,
        status=version.status,
        contents=tuple(duty.contents.items()),
    )


def _keep(shelf: dict[_K, _V], key: _K, value: _V) -> _V:
    if len(shelf) >= MANY:
        shelf.clear()
    shelf[key] = value
    return value
