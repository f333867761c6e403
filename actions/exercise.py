"""Exercises: drills with a clock of their own and channels of their own, played under the law of a stated day."""

from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from actions import clock, journal
from actions.desk import Desk
from actions.errors import Conflict, NotFound
from db.models import Exercise


def start_exercise(
    desk: Desk, name: str, *, law_as_of: date, at: datetime, folder: Path, speed: float = 0.0
) -> Exercise:
    """Begin a drill whose clock shows *at* now and runs *speed* times as fast as the real one (0: it stands until moved)."""
    if at.utcoffset() is None:
        raise Conflict("The exercise's time has no offset; write it as 2016-12-01T10:00+00:00.")
    real = clock.now()
    exercise = Exercise(
        id=uuid4(), name=name, law_as_of=law_as_of, sim_at=at, real_at=real, speed=speed, folder=str(folder)
    )
    with desk.writing() as session:
        session.add(exercise)
        details = {"name": name, "law_as_of": law_as_of, "sim_at": at, "speed": speed}
        journal.append(session, journal.HOUSE, desk.entry("start exercise", real, str(exercise.id), details))
    return exercise


def move_clock(desk: Desk, exercise_id: UUID, to: datetime) -> None:
    """Let the exercise's time jump forwards. Raises Conflict for a jump backwards: its record would no longer be in order."""
    with desk.writing() as session:
        exercise = session.get(Exercise, exercise_id, with_for_update=True)
        if exercise is None or exercise.ended_at:
            raise NotFound("There is no exercise of that id under way.")
        before = clock.now(exercise)
        if to < before:
            raise Conflict(f"The exercise's clock shows {before.isoformat()}; it cannot go back to {to.isoformat()}.")
        exercise.sim_at, exercise.real_at = to, clock.now()


def end_exercise(desk: Desk, exercise_id: UUID) -> None:
    """End the drill; its record stays."""
    with desk.writing() as session:
        exercise = session.get(Exercise, exercise_id, with_for_update=True)
        if exercise is None:
            raise NotFound("There is no exercise of that id.")
        exercise.ended_at = clock.now()
        journal.append(
            session,
            journal.HOUSE,
            desk.entry("end exercise", clock.now(), str(exercise.id), {"sim_at": exercise.sim_at}),
        )
