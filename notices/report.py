"""A report to an authority: its form filled from what is known, with what is still missing said aloud."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Literal

from notices.errors import BadData
from notices.forms.form import PORTAL, Form, Question, Section, Value
from notices.forms.ico import ICO
from notices.forms.known import Known

Stage = Literal["initial", "follow_up"]
FORMS: dict[str, Form] = {form.key: form for form in (ICO,)}


@dataclass(frozen=True, kw_only=True, repr=False)
class Field:
    """One question of the form with its answer. `missing`: it must be answered, and is not, or not for good."""

    key: str
    section: str
    label: str
    kind: str
    value: Value
    note: str
    help: str
    options: tuple[str, ...]
    asked: bool
    required: bool
    required_by: str
    missing: bool

    def __repr__(self) -> str:
        return f"<Field: {self.key}{', missing' if self.missing else ''}>"


@dataclass(frozen=True, kw_only=True, repr=False)
class Report:
    """A form, filled in. The same facts give the same report, byte for byte, hash included."""

    form: str
    stage: Stage
    fields: tuple[Field, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The keys of the answers still owed, in the form's order: each becomes a follow-up."""
        return tuple(field.key for field in self.fields if field.missing)

    @property
    def missing_by_law(self) -> tuple[str, ...]:
        """The legal contents among them."""
        owed = (field.required_by for field in self.fields if field.missing and field.required_by != PORTAL)
        return tuple(dict.fromkeys(owed))

    @property
    def preliminary(self) -> bool:
        """Whether more is to follow."""
        return bool(self.missing)

    @cached_property
    def content(self) -> dict[str, object]:
        """The report as plain values, ready for JSON."""
        return {
            "form": self.form,
            "form_status": FORMS[self.form].status,
            "stage": self.stage,
            "missing": list(self.missing),
            "fields": [_plain(field) for field in self.fields],
        }

    @cached_property
    def sha256(self) -> str:
        """The hash of the content, as every page of the PDF shows it."""
        return hashlib.sha256(json.dumps(self.content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def __repr__(self) -> str:
        return f"<Report: {self.form}, {self.stage}, {len(self.missing)} missing, {self.sha256[:12]}>"


def build(form: str, stage: Stage, model: Mapping[str, object]) -> Report:
    """Fill a form in. A report can always be built: what is not known is marked missing, never guessed.

    `model` is what is known, nested or by dotted name (see `forms.known`). `BadData` names a fact of the wrong kind.
    """
    if form not in FORMS:
        raise BadData("the report", (("form", f"is none of {', '.join(FORMS)}"),))
    known = Known({**model, "filing.stage": stage})
    fields = (_field(section, question, known) for section, question in _questions(FORMS[form]))
    return Report(form=form, stage=stage, fields=tuple(fields))


def _questions(form: Form) -> Iterator[tuple[Section, Question]]:
    for section in form.sections:
        for question in section.questions:
            yield section, question


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


def _plain(field: Field) -> dict[str, object]:
    plain = asdict(field)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}
