"""The people affected: taking in lists, correcting, flagging, accounting for each."""

import csv
import io
from typing import Any

from actions.bad_people import BadPeople
from actions.columns import COLUMNS
from actions.correct_person import correct_person
from actions.decide import decide
from actions.flag_person import flag_person
from actions.import_people import import_people
from actions.release_person import CHOICES
from db.models.person import FLAGS
from web.forms import Field, Form, Mistyped
from web.roles import SECONDS, WORKERS
from web.taking_in import begin, is_long
from web.uploads import LIST_BYTES, kept_for_now
from web.visit import Visit

SHOWN = 50
NUMBER = Field("number", "Person", "number", hint="The number on the ledger; names stay sealed.")
WHY = Field("reasons", "Reasons", "text")


def take_in(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """A list, whole or not at all."""
    if is_long(said["list"]):
        begin(visit, said["list"], {})
        return "The list is long: it is taken in beside this page. 'Look at a list first' says how far it is."
    with kept_for_now(said["list"], ".csv") as path:
        try:
            done = import_people(visit.desk(), reference, path)
        except BadPeople as refused:
            raise Mistyped({"list": told(refused)}) from None
    return f"People entered: {done.added:,}. Rows: {done.rows:,}. On the ledger already: {done.already:,}."


def told(refused: BadPeople) -> str:
    """The refusal, with the first faults: row, column, what is wrong, what to do."""
    lines = [str(refused), *(str(problem) for problem in refused.problems[:SHOWN])]
    more = refused.count - SHOWN
    return "\n".join([*lines, f"... and {more} more."] if more > 0 else lines)


def correct(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Correct what is known of one person."""
    correct_person(visit.desk(), reference, said["number"], {said["column"]: said["value"]}, said["reasons"])
    return f"Person {said['number']} is corrected: {said['column']}."


def flag(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """From now on a person tells them."""
    flag_person(visit.desk(), reference, said["number"], said["flag"], said["reasons"])
    return f"Person {said['number']} is flagged: only a person tells them from now on."


def release(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Propose it; a second person must agree."""
    about = f"person {said['number']}"
    made = decide(visit.desk(), reference, "release", about, said["choice"], said["reasons"], review_at=said["until"])
    return f"Decision {made.number} is proposed and changes nothing yet: someone other than {made.decided_by} must confirm it."


def columns_line() -> str:
    """The first line of a list, to start from."""
    page = io.StringIO()
    csv.writer(page).writerow(COLUMNS)
    return page.getvalue()


FORMS = (
    Form(
        "import-people",
        "Take in a list of people",
        "Every row is checked first; if one is wrong, nobody is entered. Names and addresses are sealed at once.",
        take_in,
        (Field("list", "List (CSV in UTF-8 or XLSX, one person a row)", "file"),),
        WORKERS,
        "people",
        largest=LIST_BYTES + 1_000_000,
    ),
    Form(
        "correct-person",
        "Correct one person",
        "What was not sent yet is called back and drawn up anew.",
        correct,
        (
            NUMBER,
            Field(
                "column", "Column", "choice", choices={name: f"{name} – {one.says}" for name, one in COLUMNS.items()}
            ),
            Field("value", "New value", required=False, hint="Empty takes it away."),
            WHY,
        ),
        WORKERS,
        "people",
    ),
    Form(
        "flag-person",
        "Flag one person",
        "Children, victims of abuse and others in danger are told by a person, never by a message.",
        flag,
        (NUMBER, Field("flag", "Why", "choice", choices={one: one.replace("_", " ") for one in FLAGS}), WHY),
        WORKERS,
        "people",
    ),
    Form(
        "release-person",
        "Release an act by hand for a flagged person",
        "Beyond their safe contact, and only with a second person's word. Nothing automatic can be released.",
        release,
        (
            NUMBER,
            Field("choice", "What is released", "choice", choices=CHOICES),
            Field("until", "Until", "moment", hint="What is safe can change: it ends by itself."),
            WHY,
        ),
        SECONDS,
        "decisions",
        grave=True,
    ),
)
