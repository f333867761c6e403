"""The block model: what a notice says, before anyone decides whether it is read on paper, on a screen or aloud."""

from dataclasses import dataclass
from typing import ClassVar, Literal

Shape = Literal["message", "letter", "call"]
SHAPES: tuple[Shape, ...] = ("message", "letter", "call")

# What a passage can satisfy: the rulebook's own keys for what the laws demand, then what a careful sender adds.
CONTENT_KEYS = {
    "nature": "what happened, in plain language",
    "contact_point": "a named contact and how to reach them",
    "consequences": "what may come of it",
    "measures": "what was done and what will be done",
    "advice": "what the person can do",
    "data_affected": "which information about the person it concerns",
    "occurred": "when it happened",
    "detected": "when it was found",
    "rights": "the right to complain to the authority",
    "genuine": "how to know that the message is real",
    "support": "who can help, and the offer to meet",
    "reference": "what to quote when answering",
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Block:
    """One piece of content: which legal contents it satisfies, and the only shapes it is for (none named: all)."""

    kind: ClassVar[str]
    satisfies: tuple[str, ...] = ()
    only: tuple[Shape, ...] = ()

    @property
    def words(self) -> str:
        """Everything that this block says, on one line."""
        raise NotImplementedError

    def is_in(self, shape: Shape) -> bool:
        """Whether this shape carries the block."""
        return not self.only or shape in self.only

    def plain(self) -> dict[str, object]:
        """The block as plain values, for hashing and for the typesetter."""
        return {
            "kind": self.kind,
            **{name: getattr(self, name) for name in self.__dataclass_fields__ if name != "kind"},
        }

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.words)} characters>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Heading(Block):
    """The title of what follows."""

    kind: ClassVar[str] = "heading"
    text: str

    @property
    def words(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Paragraph(Block):
    """A passage of running text."""

    kind: ClassVar[str] = "paragraph"
    text: str

    @property
    def words(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Instruction(Block):
    """What the person who speaks is to do; never said aloud, never in a shape that is read."""

    kind: ClassVar[str] = "instruction"
    text: str

    @property
    def words(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Items(Block):
    """A list whose order does not matter."""

    kind: ClassVar[str] = "items"
    entries: tuple[str, ...]

    @property
    def words(self) -> str:
        return " ".join(self.entries)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Table(Block):
    """Terms and what they stand for, one a row."""

    kind: ClassVar[str] = "table"
    rows: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        return " ".join(f"{term}: {value}" for term, value in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Contact(Table):
    """How to reach the person who can be asked."""

    kind: ClassVar[str] = "contact"
