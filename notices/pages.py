"""Writes docs/forms: which duty uses which form, what each form asks, and the JSON Schemas. `python -m notices.pages docs/forms`."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from notices.forms.choose import choose
from notices.forms.every import FORMS
from notices.forms.form import PORTAL, Form, Question
from notices.schema import schemas
from rulebook.library import Rulebook, book

MARK = "<!-- Written by `make pages` from the forms and the rulebook: change those, not this page. -->"
TOLD_OTHERWISE = ("individuals", "internal_register", "internal_assessment", "public")


def pages(of: Rulebook) -> dict[str, str]:
    """Every page by its path below docs/forms."""
    told = {f"{key}.md": _page(*_form(form)) for key, form in FORMS.items()}
    data = {f"{key}.schema.json": json.dumps(schema, indent=1) + "\n" for key, schema in schemas().items()}
    return {"README.md": _page(*_index(of)), **told, **data}


def used(of: Rulebook) -> Iterator[tuple[str, str, str, str]]:
    """Each duty towards somebody outside: duty, who is told, the authority, the form."""
    for law, key, duty in of.duties():
        if duty.tell not in TOLD_OTHERWISE:
            to = duty.to if duty.to and "/" in duty.to else ""
            yield key, duty.tell, duty.to or "", choose(duty=key, law=law.law, authority=to, recipient=duty.tell)


def _page(*lines: str) -> str:
    return "\n".join([MARK, "", *lines]) + "\n"


def _index(of: Rulebook) -> Iterator[str]:
    yield from (
        "# Forms",
        "",
        "Each report to somebody outside uses one of these forms. How sure its wording is stands with it.",
        "",
    )
    yield from ("| form | questions | how sure |", "|---|---|---|")
    for key, form in FORMS.items():
        machine = f"; [JSON]({key}.schema.json)" if form.machine else ""
        yield f"| [{key}]({key}.md): {form.title} | {len(form.questions)}{machine} | {form.status} |"
    yield from ("", "## Which duty uses which form", "", "| duty | told | to | form |", "|---|---|---|---|")
    for duty, tell, to, form_key in used(of):
        yield f"| `{duty}` | {tell.replace('_', ' ')} | {to} | [{form_key}]({form_key}.md) |"


def _form(form: Form) -> Iterator[str]:
    yield from (
        f"# {form.title}",
        "",
        f"`{form.key}`, for {form.authority}. {form.status[:1].upper()}{form.status[1:]}.",
    )
    for section in form.sections:
        yield from (
            "",
            f"## {section.title}",
            "",
            "| no | question | kind | answered by | carries |",
            "|---|---|---|---|---|",
        )
        for question in section.questions:
            yield f"| {question.code} | {_cell(question.label)} | {_kind(question)} | {_facts(question)} | {_carries(question)} |"


def _kind(question: Question) -> str:
    return f"{question.kind.replace('_', ' ')}{'' if question.required else ', may stay open'}"


def _facts(question: Question) -> str:
    return ", ".join(f"`{name}`" for name in question.facts)


def _carries(question: Question) -> str:
    by = question.required_by.replace("_", " ") if question.required_by != PORTAL else ""
    return _cell("; ".join(filter(None, (by, question.cite))))


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("<", "&lt;")


def write(folder: Path) -> None:
    """Write every page anew."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(book()).items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
