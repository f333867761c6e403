"""A report for a computer: the EDPB's fields by their numbers, DORA's in the names and nesting of the ESAs' schema."""

from collections.abc import Callable, Iterator
from typing import Any

from notices.filled import Field, Report
from notices.forms.form import Question

Json = dict[str, Any]

CRITERIA = {
    "countryCodeMaterialityThresholds": "geographical spread",
    "memberStatesImpactType": "geographical spread",
    "memberStatesImpactTypeDescription": "geographical spread",
    "dataLosseMaterialityThresholds": "data losses",
    "dataLossesDescription": "data losses",
    "reputationalImpactType": "reputational impact",
    "reputationalImpactDescription": "reputational impact",
    "economicImpactMaterialityThreshold": "economic impact",
}
"""Which criterion of field 2.5 each of these details belongs to, in the ESAs' schema."""
ENTITIES = {
    "submittingEntity": "SUBMITTING_ENTITY",
    "affectedEntity": "AFFECTED_ENTITY",
    "ultimateParentUndertaking": "ULTIMATE_PARENT_UNDERTAKING_ENTITY",
}


def machine(report: Report) -> Json | None:
    """The report as its form wants it for a computer; None where the form has no such shape."""
    made = _SHAPES.get(report.on.machine)
    return made(report) if made else None


def plain(field: Field) -> Any:
    """The answer in JSON's own kinds: yes and no as booleans, numbers as numbers, times with their offset."""
    value = field.value
    if value in (None, "", ()):
        return None
    if field.kind == "yes_no":
        return value == "yes"
    if field.kind == "share":
        return float(str(value))
    return list(value) if isinstance(value, tuple) else value


def _edpb(report: Report) -> Json:
    asked = [field for field in report.fields if field.asked and field.code]
    return {
        "template": "edpb-33",
        "version": "1.0",
        "exercise": report.marks.exercise,
        "content_sha256": report.sha256,
        "fields": {field.code: plain(field) for field in asked},
        "missing": [field.code for field in asked if field.missing],
    }


def _dora(report: Report) -> Json:
    told: Json = {}
    for path, field in _placed(report):
        value = plain(field)
        if value is not None and not path.startswith("classification"):
            _put(told, path.split("."), _code(value) if field.options else value)
    _entities(told, report)
    criteria = _classification(report)
    if criteria:
        told.setdefault("incident", {})["classificationTypes"] = criteria
    return told


def _placed(report: Report) -> Iterator[tuple[str, Field]]:
    questions: dict[str, Question] = {question.key: question for question in report.on.questions}
    for field in report.fields:
        if field.asked and field.key in questions and questions[field.key].path:
            yield questions[field.key].path, field


def _put(into: Json, path: list[str], value: Any) -> None:
    for step in path[:-1]:
        into = into.setdefault(step, {})
    into[path[-1]] = value


def _code(value: Any) -> Any:
    """An option's code: its words, joined as the schema joins them."""
    return (
        [_code(one) for one in value]
        if isinstance(value, list)
        else value.replace(" ", "_")
        if isinstance(value, str)
        else value
    )


def _entities(told: Json, report: Report) -> None:
    """Each organisation says which one it is; the affected one is the one that reports, unless it is named."""
    own = {key: told["submittingEntity"][key] for key in ("name", "LEI") if key in told.get("submittingEntity", {})}
    if "affectedEntity" in told or own:
        told["affectedEntity"] = own | told.get("affectedEntity", {})
    for key, kind in ENTITIES.items():
        if key in told:
            told[key]["entityType"] = kind
    if "affectedEntity" in told:
        told["affectedEntity"] = [told["affectedEntity"]]


def _classification(report: Report) -> list[Json]:
    """One entry for each criterion, with the details that belong to it."""
    placed = dict(_placed(report))
    entries: dict[str, Json] = {}
    if "classification" in placed:
        for name in plain(placed["classification"]) or ():
            entries[name] = {"classificationCriterion": _code(name)}
    for detail, criterion in CRITERIA.items():
        field = placed.get(f"classification.{detail}")
        if field and plain(field) is not None and criterion in entries:
            entries[criterion][detail] = _code(plain(field)) if field.options else plain(field)
    return list(entries.values())


_SHAPES: dict[str, Callable[[Report], Json]] = {"edpb-33": _edpb, "dora": _dora}
