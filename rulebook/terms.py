"""The terms an obligation is born with: all that is needed to count its limit again, as JSON, without any law file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from rulebook import calendars, codes
from rulebook.counting import COUNTING
from rulebook.law import Clock, Duty, Period, Version


@dataclass(frozen=True, slots=True)
class Targets:
    """The organisation's own targets, in hours, where the law names no number ("without undue delay")."""

    immediately: int = 4
    authority: int = 24
    controller: int = 24
    individuals: int = 72
    update: int = 168
    record: int = 72
    other: int = 72

    def hours(self, recipient: str, phase: str, speed: str | None) -> int | None:
        """The hours for one duty; None where nobody must act, or may act yet."""
        if speed in ("voluntary", "after_a_wait"):
            return None
        if speed in ("immediately", "before_the_limit_passes"):
            return self.immediately
        special = {"update": self.update, "record": self.record}.get(phase)
        known = {"controller": self.controller, "individuals": self.individuals}
        known |= dict.fromkeys(("authority", "csirt", "attorney_general"), self.authority)
        return special or known.get(recipient, self.other)


class Setting(NamedTuple):
    """What the facts add to a limit: whose clock and holidays count, to whom it goes, and whether it is counted strictly."""

    time_zone: str
    to: str | None = None  # the authority, where a duty falls to several, each with filings of its own
    calendar: str | None = None
    strict: bool = False


def terms(duty: Duty, version: Version, setting: Setting, targets: Targets) -> dict[str, Any]:
    """Write the terms."""
    to = setting.to
    periods = list(_periods(duty, version, setting))
    outer, after = version.outer, version.reasons_after
    told = {
        "due_kind": version.due_kind,
        "clock": fact(duty.clock, to),
        "stand_ins": [f"events.{event}" for event in codes.stand_ins(duty.clock.event or "")],
        "time_zone": setting.time_zone,
        "periods": periods,
        "chained": _chained(version, to),
        "outer": _period(version.within, outer, setting.calendar) if version.within and outer else None,
        "reasons_after": _period(after, version.counting, None) if after else None,
        "speed": version.speed,
        "own_target_hours": targets.hours(duty.tell, duty.phase, version.speed),
        "law_from": version.from_on.isoformat() if version.from_on else None,
        "citation": version.cite,
    }
    by_holidays = any(COUNTING[period["counting"]].needs_calendar for period in periods)
    return told | ({"calendars": calendars.source()} if by_holidays else {})


def _periods(duty: Duty, version: Version, setting: Setting) -> Iterator[dict[str, Any]]:
    stricter = version.stricter.counting if version.stricter and setting.strict else None
    if version.within:
        counting = stricter or version.counting
        yield _period(version.within, counting, setting.calendar) | {"clock": fact(duty.clock, setting.to)}
    if version.cap:
        cap = version.cap
        counted = _period(cap.within, stricter or cap.counting, setting.calendar)
        yield counted | {"clock": fact(cap.clock, setting.to)} | ({"lapses": True} if cap.lapses else {})


def fact(clock: Clock, to: str | None) -> str:
    """The dotted name of what starts a clock; the filing to one authority where a duty falls to several."""
    return f"{clock.fact}@{to}" if to and clock.filed else clock.fact


def _period(within: Period, counting: str | None, calendar: str | None) -> dict[str, Any]:
    return {"n": within.n, "counting": counting, "calendar": calendar}


def _chained(version: Version, to: str | None) -> dict[str, Any] | None:
    other = version.with_duty or version.before_duty
    return {"to": f"filings.{other}@{to}" if to else f"filings.{other}"} if other else None
