"""What looks alike, among what a visitor may know of: beside an intake, and while someone declares."""

from datetime import datetime

from actions.alike import Alike, alike
from db.queries.intakes import open_intakes
from db.queries.visible import visible
from web.visit import Visit


def alikes(visit: Visit, text: str, at: datetime, but: str = "") -> list[Alike]:
    """The likest first; *but* is what it is compared for."""
    return alike(visit.desk_of_nobody(), text, at, visible(visit.viewer), open_intakes(visit.viewer), but)
