"""Finds a wave by its number, within an act."""

from actions.desk import Act
from actions.errors import NotFound
from db.models import Wave
from db.queries.notices import wave_by_number


def find_wave(act: Act, number: int) -> Wave:
    """The wave of this number, its row locked. Raises NotFound."""
    wave = wave_by_number(act.session, act.incident.id, number)
    if wave is None:
        reference = act.incident.reference
        raise NotFound(f"{reference} has no wave {number}; 'forthwith show {reference}' lists them.")
    act.session.refresh(wave, with_for_update=True)
    return wave
