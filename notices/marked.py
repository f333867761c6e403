"""A notice with marks in the places of one person's own words, so that thousands that differ in nothing else are filled in, not composed."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product

from markupsafe import escape

from notices.compose import compose
from notices.notice import Notice

_ONCE = secrets.token_hex(8)


@dataclass(frozen=True)
class Mark:
    """Stands where the value of this name goes, in what the shapes make of it: escaped in HTML, or in capitals in a heading.

    A shape that did anything else to a value would show when what is filled in is compared with what is composed.
    """

    name: str
    in_html: bool = False
    in_capitals: bool = False

    @property
    def text(self) -> str:
        """Letters and digits that no notice holds, in this process alone."""
        text = f"{'h' if self.in_html else 't'}{_ONCE}{self.name.encode().hex()}q"
        return text.upper() if self.in_capitals else text

    def shows(self, value: str) -> str:
        """The value as it stands on the page."""
        value = value.upper() if self.in_capitals else value
        return str(escape(value)) if self.in_html else value


def marks(names: Iterable[str]) -> tuple[Mark, ...]:
    """Every mark that a notice may hold where these names were marked."""
    return tuple(Mark(name, *how) for name, *how in product(names, (False, True), (False, True)))


def compose_marked(template: str, data: Mapping[str, object], names: Iterable[str]) -> Notice:
    """As *compose*, for data that hold the plain marks of these names."""
    notice = compose(template, data)
    html = notice.html
    for name, in_capitals in product(names, (False, True)):
        html = html.replace(Mark(name, False, in_capitals).text, Mark(name, True, in_capitals).text)
    return replace(notice, html=html)
