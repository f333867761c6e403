"""Begins to take in a long list beside the request that brought it; a short one is taken in while its sender waits."""

from collections.abc import Mapping

from starlette.datastructures import UploadFile

from web.under_way import TakingIn
from web.uploads import kept_for_now
from web.visit import Visit

SHORT_BYTES = 300_000
"""A list of no more is taken in while its sender waits: some thousand rows, which take about a second."""


def is_long(upload: UploadFile) -> bool:
    """Whether its sender would wait too long."""
    return (upload.size or 0) > SHORT_BYTES


def begin(visit: Visit, upload: UploadFile, mapped: Mapping[str, str], *, good_rows: bool = False) -> TakingIn:
    """Begin. Raises Conflict while another list of the same person is under way."""
    with visit.reading() as session:
        incident = visit.incident(session)
    with kept_for_now(upload, ".list") as path:
        file = path.open("rb")  # without a name from here on: gone when the process is, however that ends
    under_way = visit.house.under_way
    return under_way.begin(visit.desk(), incident.id, incident.reference, file, mapped, good_rows=good_rows)
