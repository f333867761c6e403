"""The only reader of the clock. An exercise has a clock of its own, which may stand, jump forwards, or run faster."""

from __future__ import annotations

import platform
import time
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `forthwith duties` reads the clock too, and starts without a database
    from collections.abc import Iterator

    from db.models import Exercise

_correction: ContextVar[timedelta] = ContextVar("correction", default=timedelta())


def now(exercise: Exercise | None = None) -> datetime:
    """The present moment, in UTC: the real one, or that of the exercise."""
    real = real_now() + _correction.get()
    if exercise is None:
        return real
    return exercise.sim_at + (real - exercise.real_at) * exercise.speed


def real_now() -> datetime:
    """The real clock's moment, in UTC."""
    return datetime.now(UTC)


def ticks() -> float:
    """Seconds on a clock that nobody sets, for measuring how long something takes; means nothing by itself."""
    return time.monotonic()


@contextmanager
def corrected(by: timedelta) -> Iterator[None]:
    """While the block runs, here, the present moment is so much later (or earlier) than the clock says."""
    before = _correction.set(by)
    try:
        yield
    finally:
        _correction.reset(before)


def steady() -> float:
    """Seconds on a clock of this machine that nobody sets and that goes on while it sleeps; begins anew when it starts."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@cache
def machine() -> str:
    """Which start of which machine the steady clock belongs to."""
    started = Path("/proc/sys/kernel/random/boot_id")
    return started.read_text("ascii").strip() if started.exists() else platform.node()
