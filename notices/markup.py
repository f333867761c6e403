"""The language that notices are written in: marks at the start of a line, and words.

    subject: …            the subject line                     # Heading
    shapes: message, …    the shapes this notice comes in      - one item of a list
    discreet: yes         others may see it: a neutral subject Term :: what it stands for
    [nature, advice]      what follows satisfies these         > something for the speaker to do, not to say
    @only call            what follows is for these shapes     @all      back to every shape
    @contact              the rows that follow are the contact card

A blank line ends a paragraph; a heading or an empty `[]` ends a `[…]`. Marks are found in the template's own lines, before any value is
filled in: a value is text wherever it lands, and no value can become a heading, a list, or a claim that a law is met.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from notices.content import CONTENT_KEYS, SHAPES, Block, Contact, Heading, Instruction, Items, Paragraph, Shape, Table
from notices.errors import BadTemplate

# Noncharacters, which `wording.clean` takes out of every value: only a template's own line can hold them.
OPEN, SEPARATE, CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"

_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("heading", re.compile(r"# ()")),
    ("item", re.compile(r"- ()")),
    ("do", re.compile(r"> ()")),
    ("keys", re.compile(r"\[([^\]{}]*)\]\s*$")),
    ("subject", re.compile(r"subject: ()")),
    ("shapes", re.compile(r"shapes: (.*)$")),
    ("discreet", re.compile(r"discreet: (.*)$")),
    ("only", re.compile(r"@only (.*)$")),
    ("all", re.compile(r"@all()\s*$")),
    ("contact", re.compile(r"@contact()\s*$")),
    ("unknown", re.compile(r"(@\w+)")),
    ("row", re.compile(r"([^:{}%#]+?) :: ")),
)
_MARK_AFTER_A_TAG = re.compile(r"%\}\s*(# |- |> |\[[a-z, ]+\]|@\w)")


@dataclass(frozen=True)
class Draft:
    """A notice as its template gives it, before it is put into shapes."""

    subject: str
    shapes: tuple[Shape, ...]
    discreet: bool
    blocks: tuple[Block, ...]


def mark(template: str, file: str, source: str) -> str:
    """The source with each mark made unmistakable, line for line, so that an error keeps its place."""
    lines = source.split("\n")
    return "\n".join(_mark_line(template, file, number, line) for number, line in enumerate(lines, start=1))


def _mark_line(template: str, file: str, number: int, line: str) -> str:
    if any(sign in line for sign in (OPEN, SEPARATE, CLOSE)):
        raise BadTemplate(template, file, number, "holds a character that is kept for marks")
    if _MARK_AFTER_A_TAG.search(line):
        raise BadTemplate(
            template, file, number, "a mark must be the first thing on its line; break the line before it"
        )
    text = line.lstrip()
    for kind, pattern in _MARKS:
        if found := pattern.match(text):
            return f"{OPEN}{SEPARATE.join((kind, file, str(number), found[1].strip()))}{CLOSE}{text[found.end() :]}"
    return line


def parse(template: str, rendered: str) -> Draft:
    """The marked and filled-in text as a draft; `BadTemplate` with file and line for what does not fit together."""
    reading = _Reading(template)
    for line in rendered.split("\n"):
        reading.read(line)
    return reading.draft()


@dataclass(frozen=True)
class _Mark:
    kind: str
    file: str
    line: int
    argument: str


@dataclass
class _Reading:
    """Where the reader is: what the current passage satisfies, which shapes it is for, and what is still open."""

    template: str
    subject: str = ""
    shapes: tuple[Shape, ...] = ()
    discreet: bool = False
    blocks: list[Block] = field(default_factory=list)
    satisfies: tuple[str, ...] = ()
    only: tuple[Shape, ...] = ()
    card: bool = False
    kind: str = ""
    open: list[tuple[str, str]] = field(default_factory=list)
    at: _Mark = _Mark("", "", 0, "")

    def read(self, line: str) -> None:
        if line.startswith(OPEN):
            head, _, text = line[1:].partition(CLOSE)
            kind, file, number, argument = head.split(SEPARATE)
            self.at = _Mark(kind, file, int(number), argument)
            if OPEN in text:
                raise self.bad("a mark must be the first thing on its line")
            _HANDLERS[kind](self, text.strip())
        elif not line.strip():
            self.close()
        elif self.open:
            term, text = self.open[-1]
            self.open[-1] = (term, f"{text} {line.strip()}")
        else:
            self.begin("paragraph", "", line.strip())

    def begin(self, kind: str, term: str, text: str) -> None:
        """Start a block, or carry on the list or table that is open."""
        if self.kind != kind or kind not in ("item", "row"):
            self.close()
        self.kind = kind
        self.open.append((term, text))

    def close(self) -> None:
        """End the open block and keep it."""
        if self.open:
            self.blocks.append(self.block())
        self.open, self.kind = [], ""

    def block(self) -> Block:
        text = " ".join(part for _, part in self.open)
        match self.kind:
            case "heading":
                return Heading(text=text, only=self.only)
            case "do":
                return Instruction(text=text, only=("call",))
            case "item":
                return Items(entries=tuple(part for _, part in self.open), satisfies=self.satisfies, only=self.only)
            case "row":
                table = Contact if self.card else Table
                return table(rows=tuple(self.open), satisfies=self.satisfies, only=self.only)
            case _:
                return Paragraph(text=text, satisfies=self.satisfies, only=self.only)

    def draft(self) -> Draft:
        self.close()
        if not self.subject:
            raise self.bad("has no subject", whole=True)
        if not self.shapes:
            raise self.bad("does not name its shapes", whole=True)
        return Draft(self.subject, self.shapes, self.discreet, tuple(self.blocks))

    def bad(self, says: str, *, whole: bool = False) -> BadTemplate:
        return BadTemplate(self.template, self.at.file or self.template, 0 if whole else self.at.line, says)

    def shapes_named(self) -> tuple[Shape, ...]:
        named = [name.strip() for name in self.at.argument.split(",")]
        if unknown := [name for name in named if name not in SHAPES]:
            raise self.bad(f"knows no shape {unknown[0]!r}; the shapes are {', '.join(SHAPES)}")
        return tuple(shape for shape in SHAPES if shape in named)


def _heading(reading: _Reading, text: str) -> None:
    reading.satisfies, reading.card = (), False
    reading.begin("heading", "", text)
    reading.close()


def _keys(reading: _Reading, _text: str) -> None:
    reading.close()
    named = tuple(name.strip() for name in reading.at.argument.split(",") if name.strip())
    if unknown := [name for name in named if name not in CONTENT_KEYS]:
        raise reading.bad(f"knows no content {unknown[0]!r}; the contents are {', '.join(CONTENT_KEYS)}")
    reading.satisfies = named


def _subject(reading: _Reading, text: str) -> None:
    if reading.subject or reading.blocks:
        raise reading.bad("a notice has one subject, before anything else")
    reading.subject = text


def _shapes(reading: _Reading, _text: str) -> None:
    reading.shapes = reading.shapes_named()


def _discreet(reading: _Reading, _text: str) -> None:
    if reading.at.argument not in ("yes", "no"):
        raise reading.bad("discreet is yes or no")
    reading.discreet = reading.at.argument == "yes"


def _only(reading: _Reading, _text: str) -> None:
    reading.close()
    reading.only = reading.shapes_named()


def _all(reading: _Reading, _text: str) -> None:
    reading.close()
    reading.only = ()


def _contact(reading: _Reading, _text: str) -> None:
    reading.close()
    reading.card = True


def _unknown(reading: _Reading, _text: str) -> None:
    raise reading.bad(f"knows no mark {reading.at.argument!r}; the marks are @only, @all and @contact")


_HANDLERS: dict[str, Callable[[_Reading, str], None]] = {
    "heading": _heading,
    "item": lambda reading, text: reading.begin("item", "", text),
    "do": lambda reading, text: reading.begin("do", "", text),
    "row": lambda reading, text: reading.begin("row", reading.at.argument, text),
    "keys": _keys,
    "subject": _subject,
    "shapes": _shapes,
    "discreet": _discreet,
    "only": _only,
    "all": _all,
    "contact": _contact,
    "unknown": _unknown,
}
