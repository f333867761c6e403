"""The part that every withdrawal begins with: what is withdrawn, and why it was no breach or was notified in error."""

from notices.forms.form import Answer, Form, Question, Section
from notices.forms.known import Known
from notices.wording import moment_in_words

REASONS = "filing.withdrawal_reasons"
BY_LAW = "withdrawal"


def _withdrawn(known: Known) -> Answer:
    filed, reference = known.instant("filing.last_filed"), known.text("filing.authority_reference")
    if filed is None:
        return Answer(None)
    named = f", your reference {reference}" if reference else ""
    return Answer(f"Our report of {moment_in_words(filed)}{named}")


WITHDRAWAL = Section(
    title="Withdrawal",
    questions=(
        Question(
            key="withdraws", label="what is withdrawn", derived=_withdrawn, needs=("filing.last_filed",), required=False
        ),
        Question(key="withdrawal_reasons", label="reasons for withdrawing it", from_fact=REASONS, required_by=BY_LAW),
    ),
)


def sections_of(form: Form, stage: str) -> tuple[Section, ...]:
    """The form's sections; a withdrawal begins with its own part, unless the form itself asks for the reasons."""
    asks_itself = any(REASONS in question.facts for question in form.questions)
    return form.sections if stage != "withdrawal" or asks_itself else (WITHDRAWAL, *form.sections)
