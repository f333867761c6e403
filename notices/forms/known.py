"""What is known about an incident, by dotted name, as far as any form asks; nothing is guessed.

    organisation.   name, registration_number, sector, address, staff_250_or_more, reporter.{name,email,phone},
                    dpo.{name,email,phone}
    events.         occurred_from, occurred_to, detected, aware               (instants with an offset)
    data, kinds     the rulebook's codes                                      people   counts by place: GB, US-TX
    risk            unlikely, risk, high or unknown                           story.   the words: what_happened, how …
    people_told     told, planned, not_needed or already_aware             entity.  what forms ask of the organisation itself
    incident.       reference, exercise, law_as_of
    obligation.     duty, law, phase, recipient, authority_name, ways_in, citation, due_at, time_zone, jurisdiction, contents,
                    says.<content>: what the law wants said, in its own words
    filing.         stage, authority_reference, late, reasons_for_delay, withdrawal_reasons, last_filed

Names may come nested (`{"events": {"aware": …}}`) or dotted (`{"events.aware": …}`), as facts are kept.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from notices.errors import BadData
from notices.wording import clean, paragraphs


class Known:
    """The facts of one moment. What is absent, null or empty is not known; what is of the wrong kind is refused."""

    def __init__(self, model: Mapping[str, object]) -> None:
        self._facts = dict(_flat("", model))

    def instant(self, name: str) -> datetime | None:
        """A time with its offset, in UTC."""
        fact = self._facts.get(name)
        if isinstance(fact, str):
            fact = self._parsed(name, fact)
        if fact is None:
            return None
        if not isinstance(fact, datetime) or fact.utcoffset() is None:
            raise self._bad(name, "is not a time with an offset")
        return fact.astimezone(UTC)

    def text(self, name: str) -> str | None:
        """Words; a list of sentences becomes one passage, blank lines stay."""
        fact = self._facts.get(name)
        if isinstance(fact, str):
            return "\n\n".join(paragraphs(fact)) or None
        if isinstance(fact, int) and not isinstance(fact, bool):
            return str(fact)
        return "\n".join(self.texts(name)) or None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of words or codes; none when not known."""
        fact = self._facts.get(name)
        if fact is None:
            return ()
        if isinstance(fact, str):
            return paragraphs(fact)
        if not isinstance(fact, Sequence) or not all(isinstance(part, str) for part in fact):
            raise self._bad(name, "is not text")
        return tuple(text for text in map(clean, fact) if text)

    def lines(self, name: str) -> tuple[str, ...]:
        """Text that was typed in lines, such as an address."""
        fact = self._facts.get(name)
        return self.texts(name) if not isinstance(fact, str) else tuple(filter(None, map(clean, fact.split("\n"))))

    def number(self, name: str) -> int | None:
        """A count."""
        fact = self._facts.get(name)
        if fact is not None and (isinstance(fact, bool) or not isinstance(fact, int) or fact < 0):
            raise self._bad(name, "is not a count")
        return fact

    def yes_no(self, name: str) -> bool | None:
        """A yes or no; None when nobody knows."""
        fact = self._facts.get(name)
        if fact is not None and not isinstance(fact, bool):
            raise self._bad(name, "is neither yes nor no")
        return fact

    def day(self, name: str) -> str | None:
        """A day, as 2026-12-01; of a time, its day in UTC."""
        fact = self._facts.get(name)
        if fact is None:
            return None
        try:
            return (
                date.fromisoformat(fact).isoformat() if isinstance(fact, str) and len(fact) == 10 else self._day(name)
            )
        except ValueError:
            wrong = self._bad(name, "is not a day")
        raise wrong

    def share(self, name: str) -> str | None:
        """A percentage from 0 to 100, as it was written."""
        fact = self._facts.get(name)
        if fact is None:
            return None
        if isinstance(fact, bool) or not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", str(fact)) or float(str(fact)) > 100:
            raise self._bad(name, "is not a percentage from 0 to 100")
        return str(fact)

    def duration(self, name: str) -> str | None:
        """A length of time, as days, hours and minutes: 01:04:30."""
        fact = self._facts.get(name)
        if fact is not None and not (isinstance(fact, str) and re.fullmatch(r"\d{2,3}:[0-2]\d:[0-5]\d", fact)):
            raise self._bad(name, "is not a length of time such as 01:04:30 (days, hours, minutes)")
        return fact

    def counts(self, name: str) -> dict[str, int | None]:
        """Counts by what they are of: `people` by place."""
        start = f"{name}."
        names = [fact.removeprefix(start) for fact in self._facts if fact.startswith(start)]
        return {part: self.number(f"{start}{part}") for part in names}

    def _day(self, name: str) -> str | None:
        moment = self.instant(name)
        return moment.date().isoformat() if moment else None

    def _parsed(self, name: str, text: str) -> datetime:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            wrong = self._bad(name, "is not a time with an offset")
        raise wrong

    def _bad(self, name: str, says: str) -> BadData:
        return BadData("the report's model", ((name, says),))


def _flat(start: str, facts: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{start}{name}.", value)
        else:
            yield f"{start}{name}", value
