"""A list of people, looked at before it is taken in: its columns, what each stands for, what is wrong, and the bad rows to mend.

Nothing of the file is kept between two steps: whoever has it chooses it again.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from starlette.responses import Response

from actions.bad_people import BadPeople
from actions.columns import COLUMNS
from actions.errors import Conflict
from actions.heading import read_mapping
from actions.import_people import import_people, rows_to_mend
from actions.people_file import ListFile, list_at
from actions.preview_people import Preview, preview_people
from db.queries.incidents import exercise_of
from web.acts.people import SHOWN
from web.after import done
from web.paper import show
from web.roles import WORKERS
from web.routes import act, page
from web.uploads import LIST_BYTES, kept_for_now
from web.visit import Visit

STEPS = ("look", "mend", "take", "take_good")
PATH = "/incidents/{reference}/list"


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
        with _chosen(visit) as file:
            return _do(visit, reference, step, file, mapped)
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
    try:
        taken = import_people(visit.desk(), reference, file, mapped=mapped, good_rows=step == "take_good")
    except BadPeople as refused:
        seen = preview_people(visit.desk(), reference, file, mapped)  # what was chosen stays chosen
        return _page(visit, 422, refusal=str(refused), seen=seen, problems=refused.problems, count=refused.count)
    says = f"{taken.added} people entered of {taken.rows} rows; {taken.already} were on the ledger already."
    if taken.left_out:
        says = f"{says} {taken.left_out} rows were left out: a task waits until they are mended."
    if taken.alikes:
        says = f"{says} {taken.alikes} rows are probably people who are on the list twice; nobody was merged."
    return done(visit, f"/incidents/{reference}/people", says)


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


@contextmanager
def _chosen(visit: Visit) -> Iterator[ListFile]:
    upload = visit.upload("list")
    if upload is None:
        raise Conflict("Choose the file with the list.")
    with kept_for_now(upload, ".list") as path:
        yield list_at(path)


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
    return show(visit, "list.html", status, **words)


ROUTES = (page(PATH, ask, WORKERS), act(PATH, answer, WORKERS, largest=LIST_BYTES + 1_000_000))
