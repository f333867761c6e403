"""A list of people, looked at before it is taken in: its columns, what each stands for, what is wrong, and the bad rows to mend.

Nothing of the file is kept between two steps: whoever has it chooses it again. A long one is taken in beside the request, on a page of its own.
"""

import csv
import io
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from actions.bad_people import BadPeople
from actions.columns import COLUMNS
from actions.errors import Conflict, NotFound
from actions.heading import read_mapping
from actions.import_people import rows_to_mend
from actions.people_file import ListFile, list_at
from actions.preview_people import Preview, preview_people
from db.queries.incidents import exercise_of
from web.acts.people import SHOWN
from web.after import done
from web.paper import show
from web.roles import WORKERS
from web.routes import act, page
from web.taking_in import begin, is_long
from web.under_way import Outcome, take_in
from web.uploads import LIST_BYTES, kept_for_now
from web.visit import Visit

STEPS = ("look", "mend", "take", "take_good")
PATH = "/incidents/{reference}/list"
GONE = (
    "This list is not being taken in here: the dashboard was started anew since, or it was so long ago that it is forgotten. A list is "
    "entered whole or not at all. Look at the ledger; if nobody of it is there, hand it in again: what is there already changes nothing."
)


def ask(visit: Visit) -> Response:
    """Which list."""
    return _page(visit)


def answer(visit: Visit) -> Response:
    """Look at it, give back its bad rows, or take it in."""
    with visit.reading() as session:
        reference = visit.incident(session).reference
    try:
        step = _step(visit)
        mapped = read_mapping([str(one) for one in visit.typed.getlist("map")])
        upload = _upload(visit)
        if step in ("take", "take_good") and is_long(upload):
            begun = begin(visit, upload, mapped, good_rows=step == "take_good")
            return RedirectResponse(f"/incidents/{reference}/list/{begun.key}", 303)
        with kept_for_now(upload, ".list") as path:
            return _do(visit, reference, step, list_at(path), mapped)
    except BadPeople as refused:
        return _page(visit, 422, refusal=str(refused), problems=refused.problems, count=refused.count)
    except Conflict as refused:
        return _page(visit, 409, refusal=str(refused))


def _do(visit: Visit, reference: str, step: str, file: ListFile, mapped: Mapping[str, str]) -> Response:
    if step == "mend":
        return _to_mend(visit, reference, file, mapped)
    if step == "look":
        seen = preview_people(visit.desk(), reference, file, mapped)
        return _page(visit, seen=seen, problems=seen.problems, count=len(seen.problems))
    good_rows = step == "take_good"
    return _said(visit, reference, take_in(visit.desk(), reference, file, mapped, good_rows=good_rows))


def _said(visit: Visit, reference: str, came: Outcome) -> Response:
    """What became of it: told on the ledger's page, or here with what is wrong."""
    if came.says:
        return done(visit, f"/incidents/{reference}/people", came.says)
    words: dict[str, Any] = {"seen": came.seen, "problems": came.problems, "count": came.count}
    return _page(visit, came.status, refusal=came.refusal, **words)


def follow(visit: Visit) -> Response:
    """How far a long list is; when it is over, what became of it."""
    with visit.reading() as session:
        incident = visit.incident(session)
        exercise = exercise_of(session, incident)
    found = visit.house.under_way.of(incident.id, str(visit.request.path_params["key"]))
    one = found[0] if found else None
    if one and one.outcome is None:
        return show(visit, "taking_in.html", incident=incident, exercise=exercise, one=one)
    if visit.request.headers.get("hx-request"):
        return Response(headers={"hx-redirect": visit.request.url.path})  # the whole page, not a piece of this one
    if one is None or one.outcome is None:
        raise NotFound(GONE)
    return _said(visit, incident.reference, one.outcome)


def _to_mend(visit: Visit, reference: str, file: ListFile, mapped: Mapping[str, str]) -> Response:
    lines = rows_to_mend(visit.desk(), reference, file, mapped)
    if not lines:
        raise Conflict("No row of this list is wrong: it can be taken in as it is.")
    written = io.StringIO()
    csv.writer(written).writerows(lines)
    headers = {"content-disposition": 'attachment; filename="to-mend.csv"'}
    return Response(written.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def _step(visit: Visit) -> str:
    step = visit.text("step") or "look"
    if step not in STEPS:
        raise Conflict("This page cannot do that; load it again.")
    return step


def _upload(visit: Visit) -> UploadFile:
    upload = visit.upload("list")
    if upload is None:
        raise Conflict("Choose the file with the list.")
    return upload


def _page(
    visit: Visit,
    status: int = 200,
    *,
    refusal: str = "",
    seen: Preview | None = None,
    problems: Any = (),
    count: int = 0,
) -> Response:
    with visit.reading() as session:
        incident = visit.incident(session)
        exercise = exercise_of(session, incident)
    words: dict[str, Any] = {"incident": incident, "exercise": exercise, "refusal": refusal, "seen": seen}
    words |= {"problems": problems[:SHOWN], "count": count, "shown": SHOWN, "ours": list(COLUMNS)}
    words["under_way"] = visit.house.under_way.of(incident.id)
    return show(visit, "list.html", status, **words)


ROUTES = (
    page(PATH, ask, WORKERS),
    page(f"{PATH}/{{key}}", follow, WORKERS),
    act(PATH, answer, WORKERS, largest=LIST_BYTES + 1_000_000),
)
