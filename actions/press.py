"""Prints e-mail notices: composes the first of each variant in full, sets it with gaps, and fills those in for everybody else."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from actions.content import Content
from actions.safe_contact import Known, Way
from actions.sheet import Sheet, cut
from actions.words import Words
from actions.write_notice import OWN, Written, content_from, data_of, name_of, reply_reference, write_notice
from notices.compose import said
from notices.marked import Mark, compose_marked, marks
from notices.wording import clean
from settings.model import Settings

COMPOSED = ("reply_reference", "salutation")
"""What the words hold of the person. A notice that holds more, such as a code word, is composed by itself."""
ADDED = ("to_name", "to_address", "notice_sha256")
_MARKS = (*marks(COMPOSED), *(Mark(name) for name in ADDED))
_WRITE = json.JSONEncoder(ensure_ascii=False).encode
_TEXTS = [mark.text for mark in _MARKS]
MOST_VARIANTS = 500
"""Whoever is told in more ways than these is composed for one by one."""


@dataclass(frozen=True, repr=False)
class Printed:
    """One notice as what fills the gaps of a sheet, with the hash of its whole content."""

    form: "Form"
    values: tuple[bytes, ...]
    sha256: str
    own: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Form:
    """One variant, set: its content and what its own hash is made of, each with gaps; and the first, as it was composed."""

    content: Sheet
    marks: tuple[Mark, ...]
    said: Sheet
    said_marks: tuple[Mark, ...]
    first: Written

    def fill(self, own: Mapping[str, str]) -> tuple[tuple[bytes, ...], str]:
        """The values that fill the content's gaps, and the hash of the whole."""
        shown = [_in_json(mark, own[mark.name]) for mark in self.said_marks]
        notice = self.said.fill(shown)
        whole = {**own, "notice_sha256": hashlib.sha256(notice).hexdigest()}
        values = tuple(
            _in_json(mark, whole[mark.name]) if at is None else shown[at]
            for mark, at in zip(self.marks, self._shown_at, strict=True)
        )
        return values, hashlib.sha256(self.content.fill(values)).hexdigest()

    @cached_property
    def _shown_at(self) -> Sequence[int | None]:
        """For each mark of the content, where the same stands among those of what is said: its value is worked out once."""
        return [self.said_marks.index(mark) if mark in self.said_marks else None for mark in self.marks]


@dataclass(repr=False)
class Press:
    """The notices of one template in one set of words, on one day."""

    settings: Settings
    template: str
    words: Mapping[str, Words]
    today: date
    forms: dict[tuple[Any, ...], Form | None] = field(default_factory=dict)

    def write(self, kind: str, person: Known, way: Way, nid: UUID) -> Written | Printed:
        """One notice, filled in where its variant is set, else composed. Raises WordsError as *write_notice* does."""
        if way.channel != "email":
            return self._compose(kind, person, way, nid)
        data = data_of(kind, person, way, self.words[kind], nid, self.today)
        own = _own(person, way, nid)
        if not own["salutation"] or any(data["person"][name] for name in OWN if name not in COMPOSED):
            return self._compose(kind, person, way, nid)
        key = (kind, way.to, data["authority"]["name"], person.details.get("language"), *_flags(data["person"]))
        if key not in self.forms:
            if len(self.forms) >= MOST_VARIANTS:
                return self._compose(kind, person, way, nid)
            self.forms[key] = self._set(kind, person, way, nid, data)
        form = self.forms[key]
        if form is None:
            return self._compose(kind, person, way, nid)
        return Printed(form, *form.fill(own), (data["person"]["salutation"],))

    def _compose(self, kind: str, person: Known, way: Way, nid: UUID) -> Written:
        return write_notice(self.settings, self.template, kind, person, way, self.words[kind], nid, self.today)

    def _set(self, kind: str, person: Known, way: Way, nid: UUID, data: dict[str, Any]) -> Form | None:
        """The variant of this person's notice; None unless filling it in gives exactly what composing does."""
        first = self._compose(kind, person, way, nid)
        marked = {"reply_reference": Mark("reply_reference").text}
        marked |= {"person": data["person"] | {"salutation": Mark("salutation").text}}
        notice = compose_marked(self.template, data | marked, COMPOSED)
        content = content_from(self.settings, notice, person, way, self.today)
        name, address, sha256 = (Mark(one).text for one in ADDED)
        content = replace(content, to_name=name, to_address=address, notice_sha256=sha256)
        form = _form(content, said(notice), first)
        return form if form.fill(_own(person, way, nid))[1] == first.content.sha256 else None


def _form(content: Content, notice: str, first: Written) -> Form:
    return Form(*_cut(content.to_bytes().decode()), *_cut(notice), first)


def _cut(text: str) -> tuple[Sheet, tuple[Mark, ...]]:
    """The sheet of a text, and the marks that stand in it: few of those there are."""
    whole = cut(text, _TEXTS)
    used = sorted(set(whole.gaps))
    return Sheet(whole.parts, tuple(used.index(gap) for gap in whole.gaps)), tuple(_MARKS[gap] for gap in used)


def _own(person: Known, way: Way, nid: UUID) -> dict[str, str]:
    return {
        "reply_reference": reply_reference(nid),
        "salutation": clean(person.details.salutation),
        "to_name": name_of(person, way),
        "to_address": way.address,
    }


def _flags(person: Mapping[str, Any]) -> Sequence[Any]:
    return (person["kind"], person["is_child"], person["told_to"], person["flagged"])


def _in_json(mark: Mark, value: str) -> bytes:
    """The value as it stands within a JSON text."""
    return _WRITE(mark.shows(value))[1:-1].encode()
