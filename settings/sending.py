"""The settings of how waves leave: the hours of the day, the ramp of a new sender, the canary."""

import re
from datetime import date, time
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings


class SendingSettings(BaseSettings):
    """Part of the settings of a deployment."""

    send_window: str = Field(
        "", description="Hours in which e-mails leave, where each person lives, such as 08:00-20:00; empty means any."
    )
    ramp_from: date | None = Field(
        None, description="First day on which a new sender sends: few leave a day at first; empty means it is known."
    )
    ramp_per_day: tuple[int, ...] = Field(
        (50, 100, 500, 1000, 5000, 10_000, 20_000, 40_000, 70_000, 100_000, 150_000, 250_000, 400_000, 600_000),
        min_length=1,
        description="E-mails that may leave on each day of the ramp; after its last day the rate alone counts.",
    )
    canary_hold_minutes: int = Field(
        30, ge=0, description="How long a wave's first few messages are watched before the rest may be released."
    )
    canary_bounce_percent: float = Field(
        5, ge=0, le=100, description="A canary of which more bounces or is refused than this pauses its wave."
    )
    canary_complaint_percent: float = Field(
        0.1, ge=0, le=100, description="A canary of which more is reported as spam than this pauses its wave."
    )
    canary_release: Literal["person", "by_itself"] = Field(
        "person", description="Who releases the rest of a wave whose canary kept its limits: person or by_itself."
    )

    @field_validator("send_window")
    @classmethod
    def _hours_of_a_day(cls, window: str) -> str:
        found = re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", window)
        if window and (found is None or window[:5] >= window[6:]):
            raise ValueError("must be two times of one day, the earlier first, such as 08:00-20:00")
        return window

    @property
    def hours_to_write(self) -> tuple[time, time] | None:
        """The hours in which e-mails leave, where each person lives; None for any."""
        begins, _, ends = self.send_window.partition("-")
        return (time.fromisoformat(begins), time.fromisoformat(ends)) if ends else None
