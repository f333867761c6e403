"""What is known of one person, in the one form that is kept (sealed) and that all choices are made from."""

import json
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from json.encoder import encode_basestring as quoted

from actions.cells import LINE_BREAK
from actions.safe_hours import Window, read_hours
from rulebook import places

ADULT = 18
_REACHED_BY = {"email": "email", "email_2": "email", "phone": "phone", "safe_number": "phone"}
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class SafeContact:
    """The way that the person said is safe, until when, and who confirmed it with them. What it does not allow is not allowed."""

    channel: str
    number: str = field(repr=False)
    hours: str
    answers: str = field(repr=False)
    """Who else may answer; empty: nobody."""
    language: str
    voicemail: bool
    withhold_number: bool
    ask_first: bool
    """Whether it is asked again before each contact if it is still safe."""
    code_word: str = field(repr=False)
    source: str = field(repr=False)
    confirmed_by: str = field(repr=False)
    confirmed_on: date
    until: date

    @property
    def windows(self) -> tuple[Window, ...]:
        """The hours, read."""
        return read_hours(self.hours)

    def holds(self, today: date) -> bool:
        """What was safe once is not safe for ever."""
        return today <= self.until


@dataclass(frozen=True)
class Details:
    """One person's cells, cleaned. Shows nothing of them."""

    cells: dict[str, str] = field(repr=False)

    @classmethod
    def from_bytes(cls, plain: bytes) -> "Details":
        """Read what to_bytes wrote."""
        return cls(json.loads(plain))

    def to_bytes(self) -> bytes:
        """The one way to write them, so that equal people give equal bytes."""
        # As json.dumps writes it, sorted and tight; texts alone need none of its other work.
        return f"{{{','.join([f'{quoted(name)}:{quoted(self.cells[name])}' for name in sorted(self.cells)])}}}".encode()

    def get(self, column: str) -> str:
        """One cell; an empty text where there is none."""
        return self.cells.get(column, "")

    @property
    def salutation(self) -> str:
        """How they are addressed."""
        return self.get("salutation") or self.get("name")

    @property
    def birth_date(self) -> date | None:
        """The day of birth, if known."""
        return date.fromisoformat(self.cells["birth_date"]) if self.get("birth_date") else None

    @cached_property
    def address_lines(self) -> tuple[str, ...]:
        """The address as it stands on an envelope, without the name; empty when there is none that a letter could reach."""
        get = self.cells.get
        lines = [line for line in (*get("address", "").split(LINE_BREAK), get("postcode", "")) if line]
        if len(lines) < 2:
            return ()
        abroad = self.get("country") not in ("", "GB")
        return (*lines, places.names()[self.get("country")]) if abroad else tuple(lines)

    @property
    def safe(self) -> SafeContact | None:
        """Their safe contact, expired or not."""
        if not self.get("safe_channel"):
            return None
        return SafeContact(
            channel=self.get("safe_channel"),
            number=self.get("safe_number"),
            hours=self.get("safe_hours"),
            answers=self.get("safe_answers"),
            language=self.get("safe_language") or self.get("language") or "en",
            voicemail=self.get("voicemail") == "yes",
            withhold_number=self.get("withhold_number") != "no",
            ask_first=self.get("ask_first") != "no",
            code_word=self.get("code_word"),
            source=self.get("safe_source"),
            confirmed_by=self.get("safe_confirmed_by"),
            confirmed_on=date.fromisoformat(self.get("safe_confirmed_on")),
            until=date.fromisoformat(self.get("safe_until")),
        )

    def is_child(self, today: date) -> bool | None:
        """Whether they are under eighteen on that day; None when their birth date is not known."""
        born = self.birth_date
        return None if born is None else age_on(born, today) < ADULT

    def contact_points(self) -> set[tuple[str, str]]:
        """Everything by which they can be reached, as kind and one spelling: equal for people who share it."""
        found = {(kind, self.cells[column].casefold()) for column, kind in _REACHED_BY.items() if self.get(column)}
        if self.address_lines and (letters := _NO_LETTER.sub("", "".join(self.address_lines).casefold())):
            found.add(("address", letters))
        return found

    def likenesses(self) -> list[str]:
        """What two rows have in common that are probably one person under two references: a name, and a birth date or mailbox."""
        name = " ".join(self.get("name").casefold().split())
        there = {column: self.cells.get(column) for column in ("birth_date", "email")}
        return [f"{name}\n{column}\n{cell.casefold()}" for column, cell in there.items() if cell]

    def identity(self) -> str:
        """What makes two rows the same person: the reference; without one, the name, the birth date and the first contact."""
        if self.get("reference"):
            return f"reference\n{self.get('reference')}"
        contact = self.get("email") or self.get("phone") or self.get("address")
        return "\n".join(("person", self.get("name").casefold(), self.get("birth_date"), contact.casefold()))


def age_on(born: date, today: date) -> int:
    """Age in whole years; who was born on 29 February turns a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
