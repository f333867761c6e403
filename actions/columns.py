"""The columns of a list of people: what each holds, and how its cells are checked and brought into one form."""

from dataclasses import dataclass

from actions import cells
from actions.cells import Clean
from db.models.person import FLAGS, PERSON_KINDS

SAFE_CHANNELS = ("phone", "in_person")


@dataclass(frozen=True)
class Column:
    """One column: what it is for, and its check, which gives back the cell in the one form that is kept."""

    says: str
    clean: Clean


_ADDRESS_LINE = Column("one line of the postal address, instead of address", cells.address)
COLUMNS: dict[str, Column] = {
    "reference": Column("your own mark for the person: unique in the incident, and what guardian_reference names", cells.text(100)),
    "kind": Column(f"what the person is here: {', '.join(PERSON_KINDS)}", cells.word(PERSON_KINDS)),
    "name": Column("full name", cells.text(200)),
    "salutation": Column("how they are addressed after Dear, when not by their full name", cells.text(100)),
    "email": Column("e-mail address", cells.email),
    "email_2": Column("second e-mail address, tried when the first fails", cells.email),
    "phone": Column("telephone number", cells.phone),
    "address": Column("postal address, lines separated by semicolons; or: no fixed abode", cells.address),
    **{f"address_{number}": _ADDRESS_LINE for number in range(1, 7)},
    "postcode": Column("postcode, if the address does not hold it", cells.text(20)),
    "country": Column("country of the address and the number: two letters", cells.country),
    "language": Column("language that they read: two letters", cells.language),
    "birth_date": Column("day of birth as 2004-05-31: a child is told by a person", cells.birth_date),
    "flags": Column(f"why a person must tell them, separated by semicolons: {', '.join(FLAGS)}", cells.flags),
    "safe_channel": Column(f"the way that they said is safe: {' or '.join(SAFE_CHANNELS)}", cells.word(SAFE_CHANNELS)),
    "safe_number": Column("the number that they said is safe", cells.phone),
    "safe_hours": Column("days and hours that they said are safe, as Mon-Fri 09:00-12:00; Sat 10:00-11:00; empty: any", cells.hours),
    "safe_answers": Column("who else may answer there; empty: nobody, and nothing is said to them", cells.text(200)),
    "safe_language": Column("language that is spoken with them there: two letters", cells.language),
    "voicemail": Column("whether a message may be left: yes or no", cells.yes_or_no),
    "withhold_number": Column("whether our number is withheld when they are rung: yes or no; empty: yes", cells.yes_or_no),
    "ask_first": Column("whether it is asked again before each contact if it is still safe: yes or no; empty: yes", cells.yes_or_no),
    "code_word": Column("agreed word by which they know that the call is real", cells.text(50)),
    "safe_until": Column("day until which that is known to be safe, as 2026-12-31", cells.day),
    "safe_source": Column("how that is known: from themselves, from their case file", cells.text(200)),
    "safe_confirmed_by": Column("who confirmed it with them", cells.text(200)),
    "safe_confirmed_on": Column("day on which it was confirmed with them, as 2026-11-20", cells.past_day),
    "guardian_reference": Column("reference of the parent or guardian, who is on the list with kind guardian or their own", cells.text(100)),
    "guardian_verified": Column("whether it was checked that this is the guardian: yes or no", cells.yes_or_no),
    "guardian_conflict": Column("whether the guardian's interests conflict, by suspicion for instance: yes, no or unknown", cells.conflict),
    "deceased": Column("whether the person has died: yes or no", cells.yes_or_no),
}  # fmt: skip
REQUIRED = ("kind", "name")
ALSO_CALLED = {
    "ref": "reference",
    "e_mail": "email",
    "email_address": "email",
    "telephone": "phone",
    "mobile": "phone",
    "post_code": "postcode",
    "date_of_birth": "birth_date",
    "dob": "birth_date",
}
