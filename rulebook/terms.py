"""The terms an obligation is born with: all that is needed to count its limit again, as JSON, without any law file."""

from dataclasses import dataclass
from typing import Any

from rulebook import codes
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
        """The hours for one duty; None where nobody must act."""
        if speed == "voluntary":
            return None
        if speed == "immediately":
            return self.immediately
        special = {"update": self.update, "record": self.record}.get(phase)
        known = {"controller": self.controller, "individuals": self.individuals}
        known |= dict.fromkeys(("authority", "csirt", "attorney_general"), self.authority)
        return special or known.get(recipient, self.other)


def terms(duty: Duty, version: Version, time_zone: str, to: str | None, targets: Targets) -> dict[str, Any]:
    """Write the terms. `to` is the authority where a duty falls to several, each with filings of its own."""
    periods = []
    if version.within:
        periods.append(_period(version.within, version.counting, version.calendar) | {"clock": fact(duty.clock, to)})
    if version.cap:
        cap = version.cap
        periods.append(_period(cap.within, cap.counting, version.calendar) | {"clock": fact(cap.clock, to)})
    return {
        "due_kind": version.due_kind,
        "clock": fact(duty.clock, to),
        "stand_ins": [f"events.{event}" for event in codes.stand_ins(duty.clock.event or "")],
        "time_zone": time_zone,
        "periods": periods,
        "chained": _chained(version, to),
        "outer": _period(version.within, version.outer, version.calendar) if version.within and version.outer else None,
        "reasons_after": _period(version.reasons_after, version.counting, None) if version.reasons_after else None,
        "speed": version.speed,
        "own_target_hours": targets.hours(duty.tell, duty.phase, version.speed),
        "law_from": version.from_on.isoformat() if version.from_on else None,
        "citation": version.cite,
    }


def fact(clock: Clock, to: str | None) -> str:
    """The dotted name of what starts a clock; the filing to one authority where a duty falls to several."""
    return f"{clock.fact}@{to}" if to and clock.filed else clock.fact


def _period(within: Period, counting: str | None, calendar: str | None) -> dict[str, Any]:
    return {"n": within.n, "counting": counting, "calendar": calendar}


def _chained(version: Version, to: str | None) -> dict[str, Any] | None:
    other = version.with_duty or version.before_duty
    return {"to": f"filings.{other}@{to}" if to else f"filings.{other}"} if other else None
