"""How some settings are written: alarm targets, quiet hours, policies that file by themselves."""

import re
from datetime import time
from typing import Annotated

from pydantic import AfterValidator, SecretStr

_TIME = r"([01]\d|2[0-3]):[0-5]\d"


def _target(target: SecretStr) -> SecretStr:
    if not re.fullmatch(r"([1-4]|[^=\s]+@[^=\s]+)=[a-zA-Z0-9]+://\S+", target.get_secret_value()):
        raise ValueError("must be LEVEL=URL (LEVEL 1 to 4) or person@example.org=URL")
    return target


def _hours(hours: str) -> str:
    if hours and not re.fullmatch(f"{_TIME}-{_TIME}", hours):
        raise ValueError("must be two times of day, such as 22:00-07:00")
    return hours


def _policy(policy: str) -> str:
    found = re.fullmatch(r"[a-z0-9/-]+=(\d+(?:\.\d+)?);([^;]+);([^;]+);\d{4}-\d\d-\d\d", policy)
    if not found or not float(found[1]) or found[2].strip().lower() == found[3].strip().lower():
        raise ValueError(
            f"{policy!r} must be AUTHORITY=HOURS;SIGNED BY;SECONDED BY;DATE, such as "
            "uk/ico=2;dpo@example.org;head@example.org;2026-11-01, by two different people"
        )
    return policy


def times_of(hours: str) -> tuple[time, time] | None:
    """From when until when the quiet hours last; None when there are none."""
    begins, _, ends = hours.partition("-")
    return (time.fromisoformat(begins), time.fromisoformat(ends)) if begins != ends else None


AlarmTarget = Annotated[SecretStr, AfterValidator(_target)]
QuietHours = Annotated[str, AfterValidator(_hours)]
FilingPolicy = Annotated[str, AfterValidator(_policy)]
