"""Opens one person's message of one wave, exactly as it leaves; each look is journalled, one at a flagged person under its own name."""

from uuid import UUID

from actions.content import Content
from actions.desk import Desk, find
from actions.errors import NotFound
from actions.read_script import read_notices
from actions.view_flagged import view_flagged
from db.queries.notices import wave_by_number


def preview_notice(desk: Desk, incident: UUID | str, number: int, person: int) -> Content:
    """The content of the notice to the person of this number in this wave. Raises NotFound."""
    view_flagged(desk, incident, person)
    found = read_notices(desk, incident, person)
    with desk.reading() as session:
        wave = wave_by_number(session, find(session, incident).id, number)
    for notice, content in reversed(found):
        if wave is not None and notice.wave_id == wave.id:
            return content
    raise NotFound(f"Person {person} has no notice in wave {number}; 'forthwith people read' shows what they have.")
