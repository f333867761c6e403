"""The JSON Schemas of the reports for computers, made from the forms; complete or preliminary, a report always fits."""

from typing import Any

from notices.forms.every import FORMS
from notices.forms.form import Question
from notices.machine import CRITERIA, ENTITIES

Json = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, Json]:
    """Each by the key of its form."""
    return {"edpb-33": _edpb(), "dora": _dora()}


def _edpb() -> Json:
    fields = {question.code: {"oneOf": [_kind(question), {"type": "null"}]} for question in FORMS["edpb-33"].questions}
    code = {"type": "string", "enum": list(fields)}
    return {
        "$schema": DRAFT,
        "title": "Notification under Article 33 GDPR: the fields of the EDPB's template v1.0 by their numbers",
        **_object(
            {
                "template": {"const": "edpb-33"},
                "version": {"const": "1.0"},
                "exercise": {"type": "boolean"},
                "content_sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "fields": _object(fields) | {"required": ["3", "4"]},
                "missing": {"type": "array", "items": code, "uniqueItems": True},
            }
        ),
        "required": ["template", "version", "exercise", "content_sha256", "fields", "missing"],
    }


def _dora() -> Json:
    whole: Json = _object({})
    criteria: Json = {}
    for question in FORMS["dora"].questions:
        if question.path == "classification":
            criteria["classificationCriterion"] = _kind(question, coded=True)["items"]
        elif question.path.startswith("classification."):
            criteria[question.path.partition(".")[2]] = _kind(question, coded=True)
        elif question.path:
            _place(whole, question.path.split("."), _kind(question, coded=True))
    for name, kind in ENTITIES.items():
        whole["properties"][name]["properties"]["entityType"] = {"const": kind}
    whole["properties"]["affectedEntity"] = {
        "type": "array",
        "items": whole["properties"]["affectedEntity"],
        "minItems": 1,
    }
    entry = _object(criteria) | {"required": ["classificationCriterion"], "allOf": [_belongs(one) for one in CRITERIA]}
    whole["properties"]["incident"]["properties"]["classificationTypes"] = {
        "type": "array",
        "items": entry,
        "minItems": 1,
    }
    title = (
        "Report of a major ICT-related incident, in the names of the ESAs' schema IR-1.2; what is not known is left out"
    )
    return {"$schema": DRAFT, "title": title, **whole, "required": ["incidentSubmission"]}


def _belongs(detail: str) -> Json:
    """A detail stands only with the criterion that it belongs to."""
    criterion = {"properties": {"classificationCriterion": {"const": CRITERIA[detail].replace(" ", "_")}}}
    return {"if": {"required": [detail]}, "then": criterion}


def _place(into: Json, path: list[str], kind: Json) -> None:
    for step in path[:-1]:
        into = into["properties"].setdefault(step, _object({}))
    into["properties"][path[-1]] = kind


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _kind(question: Question, *, coded: bool = False) -> Json:
    options = [option.replace(" ", "_") if coded else option for option in question.options]
    match question.kind:
        case "choice":
            return {"type": "string", "enum": options}
        case "choices":
            return {"type": "array", "items": {"type": "string", "enum": options}, "minItems": 1, "uniqueItems": True}
        case "yes_no":
            return {"type": "boolean"}
        case "number" | "amount":
            return {"type": "integer", "minimum": 0}
        case "share":
            return {"type": "number", "minimum": 0, "maximum": 100}
        case "moment":
            return {"type": "string", "format": "date-time", "pattern": r"(Z|[+-]\d{2}:\d{2})$"}
        case "day":
            return {"type": "string", "format": "date"}
        case "duration":
            return {"type": "string", "pattern": r"^\d{2,3}:[0-2]\d:[0-5]\d$"}
        case "list":
            return {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
        case _:
            return {"type": "string", "minLength": 1} | ({"maxLength": question.most} if question.most else {})
