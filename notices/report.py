"""A report to an authority: its form filled from what is known, with what is still missing said aloud."""

from collections.abc import Iterator, Mapping

from notices.errors import BadData
from notices.filled import Field, Marks, Report, Stage
from notices.forms.every import FORMS
from notices.forms.form import Form, Question, Section
from notices.forms.known import Known
from notices.paper import pdf
from notices.sheet import sheet

__all__ = ["FORMS", "Field", "Marks", "Report", "Stage", "build", "pdf", "sheet"]


def build(form: str, stage: Stage, model: Mapping[str, object]) -> Report:
    """Fill a form in. A report can always be built: what is not known is marked missing, never guessed.

    `model` is what is known, nested or by dotted name (see `forms.known`). `BadData` names a fact of the wrong kind.
    """
    if form not in FORMS:
        raise BadData("the report", (("form", f"is none of {', '.join(FORMS)}"),))
    known = Known({**model, "filing.stage": stage})
    fields = (_field(section, question, known) for section, question in _questions(FORMS[form]))
    return Report(form=form, stage=stage, marks=_marks(FORMS[form], known), fields=tuple(fields))


def _questions(form: Form) -> Iterator[tuple[Section, Question]]:
    for section in form.sections:
        for question in section.questions:
            yield section, question


def _marks(form: Form, known: Known) -> Marks:
    return Marks(
        authority=known.text("obligation.authority_name"),
        ways_in=known.text("obligation.ways_in"),
        reference=known.text("incident.reference"),
        citation=known.text("obligation.citation"),
        due_at=known.instant("obligation.due_at"),
        time_zone=known.text("obligation.time_zone") or form.zone,
        law_as_of=known.text("incident.law_as_of"),
        exercise=known.yes_no("incident.exercise") is True,
    )


def _field(section: Section, question: Question, known: Known) -> Field:
    asked = question.is_asked(known)
    answer = question.answer(known)
    return Field(
        key=question.key,
        section=section.title,
        label=question.label,
        kind=question.kind,
        value=answer.value if asked else None,
        note=answer.note if asked else "",
        help=question.help,
        options=question.options,
        asked=asked,
        required=question.required and asked,
        required_by=question.required_by,
        missing=question.required and asked and (answer.unknown or answer.value in (None, "", ())),
    )
