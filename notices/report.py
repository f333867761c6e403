"""A report to an authority: its form filled from what is known, with what is still missing said aloud."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from notices.changes import Since, changes
from notices.errors import BadData
from notices.filled import Field, Marks, Report, Stage
from notices.forms.every import FORMS
from notices.forms.form import PORTAL, Answer, Form, Question, Section, Value
from notices.forms.known import Known
from notices.forms.withdrawal import BY_LAW, WITHDRAWAL, sections_of
from notices.paper import pdf
from notices.prose import prose
from notices.sheet import sheet

__all__ = ["FORMS", "Field", "Last", "Marks", "Report", "Stage", "build", "pdf", "sheet"]


@dataclass(frozen=True, kw_only=True)
class Last:
    """The report that was last filed with the same authority under the same law."""

    number: int
    version: int
    filed_at: datetime | None
    report: Report


def build(form: str, stage: Stage, model: Mapping[str, object], last: Last | None = None) -> Report:
    """Fill a form in. A report can always be built: what is not known is marked missing, never guessed.

    `model` is what is known, nested or by dotted name (see `forms.known`); what changed since *last* is said. `BadData`
    names a fact of the wrong kind.
    """
    if form not in FORMS:
        raise BadData("the report", (("form", f"is none of {', '.join(FORMS)}"),))
    known = Known({**model, "filing.stage": stage, "filing.last_filed": _last_filed(last)})
    fields = _summed_up(FORMS[form], stage, _fields(FORMS[form], stage, known))
    made = Report(
        form=form, stage=stage, marks=_marks(FORMS[form], known), fields=fields, since=_since(last, form, fields)
    )
    return replace(made, prose=prose(made, known)) if made.on.layout == "letter" else made


def _fields(form: Form, stage: Stage, known: Known) -> tuple[Field, ...]:
    """Each question answered in the form's order, since later ones are asked for the sake of earlier answers."""
    answers: dict[str, Value] = {}
    fields: list[Field] = []
    for section in sections_of(form, stage):
        for question in section.questions:
            made = _field(section, question, known, answers)
            if stage == "withdrawal" and section is not WITHDRAWAL and question.required_by != BY_LAW:
                made = replace(made, missing=False, required=False)
            answers[made.key] = made.value
            fields.append(made)
    return tuple(fields)


def _field(section: Section, question: Question, known: Known, answers: Mapping[str, Value]) -> Field:
    asked = question.is_asked(known, answers)
    answer = question.answer(known) if asked else Answer()
    owed = question.required and asked and not question.sums_up
    by_law = question.required_by if _wanted(question, known) else PORTAL
    return Field(
        key=question.key,
        section=section.title,
        label=question.label,
        kind=question.kind,
        value=answer.value,
        note=answer.note,
        help=question.help or (known.text(f"obligation.says.{question.required_by}") or ""),
        options=question.options,
        asked=asked,
        required=question.required and asked,
        required_by=by_law,
        missing=owed and (answer.unknown or answer.value in (None, "", ())),
        code=question.code,
        cite=question.cite,
        facts=question.facts,
        most=question.most,
    )


def _wanted(question: Question, known: Known) -> bool:
    """Whether the law that asks for this report wants what the question carries; a law that names nothing wants all of it."""
    contents = known.texts("obligation.contents")
    return not question.follows_law or question.required_by in contents


def _summed_up(form: Form, stage: Stage, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields that say whether the form is complete are answered last: options complete, incomplete, withdrawn."""
    summing = {question.key: question.options for question in form.questions if question.sums_up}
    place = 2 if stage == "withdrawal" else 1 if any(field.missing for field in fields) else 0
    return tuple(replace(field, value=summing[field.key][place]) if field.key in summing else field for field in fields)


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


def _since(last: Last | None, form: str, fields: tuple[Field, ...]) -> Since | None:
    if last is None:
        return None
    return Since(
        number=last.number,
        version=last.version,
        filed_at=last.filed_at,
        sha256=last.report.sha256,
        changes=tuple(changes(last.report.fields, fields)) if last.report.form == form else (),
    )


def _last_filed(last: Last | None) -> str | None:
    return last.filed_at.isoformat() if last and last.filed_at else None
