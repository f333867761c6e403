"""Chooses the way to one person: a pure function of what is known of them, and of nothing else. What is not known to be safe is not safe."""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Literal

from actions.details import Details, age_on

Channel = Literal["email", "letter", "phone", "in_person"]
To = Literal["person", "guardian", "appropriate_adult", "case_owner", "support_service", "nobody"]
Release = Literal["", "letter_by_hand", "visit", "child_themselves"]
"""What two people allowed for one flagged person beyond their safe contact. Nothing that it allows is ever automatic."""

HARMLESS = frozenset({"shared_contact", "no_fixed_abode"})
"""Flags that keep a message from being opened by someone else; a person who speaks to them can tell who answers."""


RELEASED = {
    "letter_by_hand": "two people released a letter that a case worker hands over, as the person wishes",
    "visit": "two people released a visit to the person themselves",
}
HEARD_THEMSELVES = 13
"""The age from which a child may hear it themselves, where two people assessed that; never by default."""


class Rung(IntEnum):
    """The steps of the ladder, tried in this order; nought is for those who are on no ladder."""

    NONE = 0
    EMAIL = 1
    SECOND_EMAIL = 2
    LETTER = 3
    PHONE = 4


@dataclass(frozen=True)
class Guardian:
    """A parent or guardian, with what was found out about whether they may speak for the child."""

    details: Details = field(repr=False)
    kind: str
    flags: Set[str]
    deceased: bool
    verified: bool
    conflict: bool | None
    suspected: bool = False
    """Whether their interests conflict with another child's whom they speak for."""

    @property
    def may_be_told(self) -> bool:
        """Verified, alive, and without conflict; a conflict that nobody ruled out counts as one."""
        sound = self.verified and self.conflict is False and not self.suspected and not self.deceased
        return sound and self.kind != "accused" and not self.flags & KEEP_AWAY


KEEP_AWAY = frozenset({"contact_of_accused", "shared_contact", "asked_for_no_contact"})
"""A guardian with one of these is not spoken to about a child."""


@dataclass(frozen=True)
class Known:
    """What the ledger knows of one person."""

    details: Details = field(repr=False)
    flags: Set[str] = frozenset()
    deceased: bool = False
    guardian: Guardian | None = field(default=None, repr=False)
    release: Release = ""


@dataclass(frozen=True)
class Way:
    """How this person is told and by whose ear; no channel means that nobody is contacted without a decision."""

    channel: Channel | None
    to: To
    why: str
    rung: Rung = Rung.NONE
    address: str = field(default="", repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)
    by_safe_contact: bool = False
    letter_by_hand: bool = False


def way_to(person: Known, today: date, tried: int = 0) -> Way:
    """The way to this person as of *today*; *tried* is the highest rung of the ladder that failed.

    Someone flagged is told by a person, always. A child is told through a guardian who may be told, else through an
    appropriate adult; whoever has come of age is told themselves.
    """
    if person.deceased:
        return Way(None, "nobody", "they have died: someone decides whether and how their next of kin are told")
    if "asked_for_no_contact" in person.flags:
        return Way(None, "nobody", "they asked not to be contacted: someone decides how they are accounted for")
    if is_child(person, today):
        return _to_child(person, today)
    if person.flags:
        return _to_flagged(person, today)
    return _ladder(person.details, tried)


def is_child(person: Known, today: date) -> bool:
    """Under eighteen by the birth date; without one, what the list said."""
    by_age = person.details.is_child(today)
    return "child" in person.flags if by_age is None else by_age


def _to_child(person: Known, today: date) -> Way:
    guardian, born = person.guardian, person.details.birth_date
    if person.release == "child_themselves" and born is not None and age_on(born, today) >= HEARD_THEMSELVES:
        return Way("in_person", "person", "two people assessed that this child hears it themselves")
    if guardian is None:
        return Way("in_person", "appropriate_adult", "a child, and no guardian is on record")
    if not guardian.may_be_told or "contact_of_accused" in person.flags:
        return Way(
            "in_person", "appropriate_adult", "a child, and it is not established that their guardian may be told"
        )
    phone = guardian.details.get("phone")
    if not phone:
        return Way("in_person", "guardian", "a child with a verified guardian, whose number is not on record")
    return Way("phone", "guardian", "a child with a verified guardian without conflict", address=phone)


def _to_flagged(person: Known, today: date) -> Way:
    if person.release in RELEASED:
        by_hand = person.release == "letter_by_hand"
        return Way("in_person", "person", RELEASED[person.release], letter_by_hand=by_hand)
    if "contact_of_accused" in person.flags:
        return Way(
            "in_person", "case_owner", "the accused, or someone whose interests may conflict, is reached there too"
        )
    safe = person.details.safe
    if safe is not None and safe.holds(today):
        why = "the way that they said is safe"
        return (
            Way("phone", "person", why, address=safe.number, by_safe_contact=True)
            if safe.channel == "phone"
            else Way("in_person", "person", why, by_safe_contact=True)
        )
    if safe is not None:
        return Way("in_person", "case_owner", "what they said was safe has run out: agree a safe way with them anew")
    if person.flags <= HARMLESS and person.details.get("phone"):
        return Way(
            "phone", "person", "flagged only because others share their contact", address=person.details.get("phone")
        )
    if person.flags <= HARMLESS and "no_fixed_abode" in person.flags:
        return Way("in_person", "support_service", "no fixed abode: through the service that supports them")
    return Way("in_person", "case_owner", "no safe way is on record: find one before anything is said")


def _ladder(details: Details, tried: int) -> Way:
    """E-mail, second e-mail, letter; the telephone only for those who have none of these."""
    first, second = details.get("email"), details.get("email_2")
    second = "" if second.casefold() == first.casefold() else second
    lines, phone = details.address_lines, details.get("phone")
    steps = [
        Way("email", "person", "their e-mail address", Rung.EMAIL, address=first),
        Way("email", "person", "their second e-mail address", Rung.SECOND_EMAIL, address=second),
        Way("letter", "person", "their postal address", Rung.LETTER, lines=lines),
    ]
    known = [step for step in steps if step.address or step.lines]
    if not known and phone:
        known = [Way("phone", "person", "only their number is known", Rung.PHONE, address=phone)]
    for step in known:
        if step.rung > tried:
            return step
    return Way(None, "nobody", "every way has been tried" if known else "no way to reach them is known")
