"""Turn what happened, one person and a template into a notice: one content, put into every shape."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from notices.content import CONTENT_KEYS, Shape
from notices.data import NoticeData, read
from notices.markup import Draft, parse
from notices.notice import Notice
from notices.render import render
from notices.shelf import Shelf, shelf

__all__ = ["Notice", "compose", "compose_from", "missing_contents", "said", "template_names", "template_sha256"]


def compose(template: str, data: Mapping[str, object] | NoticeData, *, language: str = "en") -> Notice:
    """One person's notice. The same template and data give the same notice, byte for byte, hash included.

    `BadTemplate` and `BadData` say what to mend; neither ever shows what the data holds.
    """
    return compose_from(shelf(), template, data, language=language)


def compose_from(books: Shelf, template: str, data: Mapping[str, object] | NoticeData, *, language: str) -> Notice:
    """As `compose`, from templates that are not, or not yet, the house's own."""
    known = read(NoticeData, "the notice's data", data)
    draft = _draft(books, template, known, language)
    values = {"subject": draft.subject, "reference": known.reply_reference, "labels": books.labels(language)}
    notice = Notice(
        template=template,
        template_sha256=books.sha256(template),
        language=language,
        reply_reference=known.reply_reference,
        organisation=known.organisation.name,
        sender=known.organisation.postal,
        email=known.organisation.email,
        discreet=draft.discreet or known.person.flagged,
        shapes=draft.shapes,
        subject=draft.subject,
        text=_page(books, draft, "message.txt", "message", values),
        html=_page(books, draft, "message.html", "message", values),
        call_script=_page(books, draft, "call.txt", "call", values),
        blocks=draft.blocks,
        contents=_contents(draft),
        sha256="",
    )
    return replace(notice, sha256=_sha256(notice))


def missing_contents(notice: Notice, required: Iterable[str]) -> list[str]:
    """The contents that a duty demands and that the notice does not say in each of its shapes."""
    return [key for key in dict.fromkeys(required) if not notice.contents.get(key)]


def template_sha256(template: str) -> str:
    """The version of a template: every file that decides how its notices read and look, and the engines' versions."""
    return shelf().sha256(template)


def template_names() -> tuple[str, ...]:
    """The notices that this house can write."""
    return shelf().names()


def _draft(books: Shelf, template: str, known: NoticeData, language: str) -> Draft:
    path = books.content_file(template, language)
    values = {name: getattr(known, name) for name in NoticeData.model_fields}
    return parse(template, render(books.words, template, path, values))


def _page(books: Shelf, draft: Draft, file: str, shape: Shape, values: Mapping[str, object]) -> str:
    if shape not in draft.shapes:
        return ""
    blocks = [block for block in draft.blocks if block.is_in(shape)]
    return render(books.pages, file, f"shapes/{file}", {**values, "blocks": blocks}).strip() + "\n"


def _contents(draft: Draft) -> dict[str, str]:
    """What the notice says on each content: only what every one of its shapes says something on."""
    contents = {}
    for key in CONTENT_KEYS:
        blocks = [block for block in draft.blocks if key in block.satisfies]
        if draft.shapes and all(any(block.is_in(shape) for block in blocks) for shape in draft.shapes):
            contents[key] = " ".join(block.words for block in blocks)
    return contents


def said(notice: Notice) -> str:
    """Everything that a notice says, in the one form that its hash is made from."""
    whole = {
        "blocks": [block.plain() for block in notice.blocks],
        **{name: getattr(notice, name) for name in Notice.__slots__ if name not in ("blocks", "sha256")},
    }
    return json.dumps(whole, sort_keys=True, ensure_ascii=False)


def _sha256(notice: Notice) -> str:
    return hashlib.sha256(said(notice).encode()).hexdigest()
