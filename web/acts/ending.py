"""The end: closing an incident in which nothing is left undone."""

from typing import Any

from actions.close import close
from web.forms import Field, Form
from web.visit import Visit


def end(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Close it, or hear what stands in the way."""
    closed = close(visit.desk(), reference, said["reasons"])
    return f"{closed.reference} is closed; its record stays."


FORMS = (
    Form(
        "close",
        "Close the incident",
        "Refused as long as a duty is undecided, a report unfiled, a measure unverified or a person unaccounted for; it says which.",
        end,
        (Field("reasons", "Reasons", "text"),),
        grave=True,
    ),
)
