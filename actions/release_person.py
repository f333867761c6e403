"""What two people release for one flagged person beyond their safe contact: acts by hand, until a day, never anything automatic."""

import re

from actions.choose_ways import today_of
from actions.correct_person import find_person
from actions.desk import Act
from actions.details import age_on
from actions.enter_people import details_of
from actions.errors import Conflict
from actions.flagging import call_back
from actions.safe_contact import HEARD_THEMSELVES
from db.models import Decision, Person

CHILD_THEMSELVES = "child_themselves"
CHOICES = {
    "letter_by_hand": "A letter that a case worker hands over, as the person wishes",
    "visit": "A visit to the person themselves",
    CHILD_THEMSELVES: f"A child from {HEARD_THEMSELVES} on hears it themselves, by assessment",
}
_ABOUT = re.compile(r"person [1-9]\d{0,8}")


def check_release(act: Act, decision: Decision) -> None:
    """Raises Conflict for what cannot be released: nothing is ever released to e-mail, post or an unsafe telephone."""
    if decision.choice not in CHOICES:
        raise Conflict(f"Release one of {', '.join(CHOICES)}; nothing else is safe to release, and nothing automatic.")
    if _ABOUT.fullmatch(decision.about) is None:
        raise Conflict(f"Say whom it is for, as 'person 3'; {decision.about!r} does not.")
    if decision.review_at is None or decision.review_at <= act.now:
        raise Conflict("A release holds until a day in the future (--review-at): what is safe can change.")
    person = _person(act, decision)
    if not person.flagged:
        raise Conflict(f"Person {person.number} is not flagged; nothing of theirs is held back.")
    if decision.choice == CHILD_THEMSELVES:
        _check_age(act, person)


def release(act: Act, decision: Decision) -> None:
    """It stands with the second person's word: what was planned for them is called back and planned anew."""
    person = _person(act, decision)
    call_back(act, [person.id], f"released by decision {decision.number}")
    act.journal(f"person {person.number}", released=decision.choice, decision=decision.number, until=decision.review_at)


def _person(act: Act, decision: Decision) -> Person:
    return find_person(act, int(decision.about.removeprefix("person ")))


def _check_age(act: Act, person: Person) -> None:
    """From thirteen on, and not for one who came of age meanwhile: they are told themselves anyway."""
    born = details_of(act, person).birth_date
    age = None if born is None else age_on(born, today_of(act))
    if age is None or age < HEARD_THEMSELVES:
        raise Conflict(f"Person {person.number} is not known to be {HEARD_THEMSELVES} or older.")
