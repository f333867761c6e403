"""Tasks, the people's contacts among them."""

from typing import Any

from actions.contact import OUTCOMES, Spoken, contact
from actions.end_task import end_task, verify_task
from web.forms import Field, Form
from web.roles import WORKERS
from web.visit import Visit

NUMBER = Field("number", "Task", "number")
OUTCOME = Field("outcome", "What came of it", "text", hint="Name no affected person here.")


def done(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """A task was done."""
    task = end_task(visit.desk(), reference, said["number"], said["outcome"], at=said["at"])
    return f"Task {task.number} is done."


def cancel(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """A task is not needed."""
    task = end_task(visit.desk(), reference, said["number"], said["outcome"], state="cancelled")
    return f"Task {task.number} is cancelled."


def verify(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Somebody looked whether it was really done."""
    task = verify_task(visit.desk(), reference, said["number"], said["how"])
    return f"Task {task.number} is verified by {task.verified_by}."


def spoke(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """What came of a call or a visit."""
    spoken = Spoken(
        said["outcome"], said["note"], said["by"] or visit.viewer.name, said["witness"], said["at"], said["next_try"]
    )
    task = contact(visit.desk(), reference, said["number"], spoken)
    return f"Task {task.number}: {said['outcome'].replace('_', ' ')}; it is {task.state} now."


FORMS = (
    Form(
        "task-done",
        "End a task",
        "Say what came of it.",
        done,
        (NUMBER, OUTCOME, Field("at", "When", "moment", required=False, hint="Empty: now.")),
        WORKERS,
        "tasks",
    ),
    Form("task-cancel", "Cancel a task", "Say why it is not needed.", cancel, (NUMBER, OUTCOME), part="tasks"),
    Form(
        "task-verify",
        "Verify a task",
        "Confirm that it was really done, and what you looked at.",
        verify,
        (NUMBER, Field("how", "What you looked at", "text")),
        WORKERS,
        "tasks",
    ),
    Form(
        "contact",
        "Record a call or a visit",
        "What was said is sealed. A wrong person at the door, or on the line, is an outcome too.",
        spoke,
        (
            NUMBER,
            Field("outcome", "What came of it", "choice", choices={one: one.replace("_", " ") for one in OUTCOMES}),
            Field("note", "What was said", "text", required=False, hint="Sealed with the incident's key."),
            Field("by", "Who spoke", required=False, hint="Empty: you."),
            Field("witness", "Who else was there", required=False),
            Field("at", "When", "moment", required=False, hint="Empty: now."),
            Field("next_try", "Next try", "moment", required=False),
        ),
        WORKERS,
        "tasks",
    ),
)
