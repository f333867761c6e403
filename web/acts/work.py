"""Tasks, the people's contacts among them."""

from typing import Any

from sqlalchemy.orm import Session

from actions.acknowledge import acknowledge
from actions.after_contact import MAY_SHARE, raise_concern
from actions.contact import MEANS, Spoken, contact
from actions.end_task import end_task, verify_task
from actions.mind_switches import stop_switch
from db.models import Incident
from db.queries.warnings import not_acknowledged
from web.forms import Field, Form
from web.roles import SECONDS, WORKERS
from web.visit import Visit

NUMBER = Field("number", "Task", "number")
OUTCOME = Field("outcome", "What came of it", "text", hint="Name no affected person here.")


def have(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Somebody has what was warned of."""
    told = acknowledge(visit.desk(), reference, said["of"])
    return f"You have it; not told again: {', '.join(told)}."


def _warnings(session: Session, incident: Incident) -> dict[str, str]:
    waiting = not_acknowledged(session, incident.id)
    return {one.about: f"{one.about}: {one.rung}" for one in reversed(waiting)}


def disarm(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """What a policy would file by itself is stopped."""
    switch = stop_switch(visit.desk(), reference, said["duty"], said["reasons"])
    return f"Stopped by {switch.ended_by}: nothing files it by itself any more, and it is still owed."


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
        said["outcome"],
        said["note"],
        said["by"] or visit.viewer.name,
        said["witness"],
        said["at"],
        said["next_try"],
        said["code_word"],
        said["still_safe"],
    )
    task = contact(visit.desk(), reference, said["number"], spoken)
    return f"Task {task.number}: {MEANS[said['outcome']]}; it is {task.state} now."


def worry(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """The safeguarding lead is asked to look."""
    task = raise_concern(visit.desk(), reference, said["number"], said["reasons"])
    return f"The safeguarding lead is told: task {task.number}."


FORMS = (
    Form(
        "disarm",
        "Stop a report that files itself",
        "A policy files it as preliminary when nobody acts. One person may stop that; the duty is owed all the same.",
        disarm,
        (
            Field("duty", "Duty", hint="As the incident's page names it, with its authority."),
            Field("reasons", "Reasons", "text", hint="Why it is not to be filed by itself."),
        ),
        SECONDS,
        "hands",
        grave=True,
    ),
    Form(
        "acknowledge",
        "Acknowledge a warning",
        "Say that you have it: this warning is not told again. Later ones are.",
        have,
        (
            Field(
                "of",
                "Which",
                "choice",
                required=False,
                choices=_warnings,
                hint="Empty: every warning told until now.",
            ),
        ),
        SECONDS | WORKERS,
        "hands",
    ),
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
            Field("outcome", "What came of it", "choice", choices=MEANS),
            Field("note", "What was said", "text", required=False, hint="Sealed with the incident's key."),
            Field("by", "Who spoke", required=False, hint="Empty: you."),
            Field("code_word", "The code word came before anything was told", "tick", required=False),
            Field("still_safe", "It was asked before if this way is still safe", "tick", required=False),
            Field("witness", "Who else was there", required=False, hint="A visit needs one."),
            Field("at", "When", "moment", required=False, hint="Empty: now."),
            Field(
                "next_try", "Next try", "moment", required=False, hint="Inside the safe hours; empty: when they begin."
            ),
        ),
        WORKERS,
        "tasks",
    ),
    Form(
        "concern",
        "Tell the safeguarding lead",
        MAY_SHARE,
        worry,
        (NUMBER, Field("reasons", "What worries you", "text", hint="Name no affected person here.")),
        WORKERS,
        "tasks",
    ),
)
