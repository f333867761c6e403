"""The only reader of the clock. An exercise has a clock of its own, which may stand, jump forwards, or run faster."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `forthwith duties` reads the clock too, and starts without a database
    from db.models import Exercise


def now(exercise: Exercise | None = None) -> datetime:
    """The present moment, in UTC: the real one, or that of the exercise."""
    real = real_now()
    if exercise is None:
        return real
    return exercise.sim_at + (real - exercise.real_at) * exercise.speed


def real_now() -> datetime:
    """The real clock's moment, in UTC."""
    return datetime.now(UTC)


def ticks() -> float:
    """Seconds on a clock that nobody sets, for measuring how long something takes; means nothing by itself."""
    return time.monotonic()
