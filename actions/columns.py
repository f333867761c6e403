"""The columns of a list of people: what each holds, and how its cells are checked and brought into one form."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberType

from actions.safe_hours import hours_in_words, read_hours
from db.models.person import FLAGS, PERSON_KINDS
from rulebook import places

SAFE_CHANNELS = ("phone", "in_person")
LINE_BREAK = ";"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SPACE = re.compile(r"[ \t\r\n]+")
_NO_ABODE = re.compile(r"\W*(no fixed (abode|address)|nfa|homeless|of no fixed abode)\W*", re.IGNORECASE)
_GB_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
_ORDINARY = (
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.VOIP,
)
# Numbers that Ofcom keeps for drama: exercises and examples use them, and nobody else has them.
_DRAMA = re.compile(r"\+44(7700900|1632960)\d{3}")


class Wrong(ValueError):
    """A cell cannot be used: what is wrong with it and what to do, never what it holds."""

    def __init__(self, wrong: str, do: str) -> None:
        super().__init__(f"{wrong}; {do}")
        self.wrong, self.do = wrong, do


@dataclass(frozen=True)
class Setting:
    """What a cell is read against: the incident's day, and the country of numbers and addresses that name none."""

    today: date
    country: str


Clean = Callable[[str, Setting], str]


@dataclass(frozen=True)
class Column:
    """One column: what it is for, and its check, which gives back the cell in the one form that is kept."""

    says: str
    clean: Clean


def one_line(cell: str) -> str:
    """The text in composed form on one line, without what cannot be seen."""
    return _CONTROL.sub("", _SPACE.sub(" ", unicodedata.normalize("NFC", cell))).strip()


def _text(longest: int) -> Clean:
    def clean(cell: str, _: Setting) -> str:
        text = one_line(cell)
        if len(text) > longest:
            raise Wrong(f"is longer than {longest} characters", "shorten it")
        return text

    return clean


def _word(words: tuple[str, ...]) -> Clean:
    def clean(cell: str, _: Setting) -> str:
        word = one_line(cell).lower().replace(" ", "_").replace("-", "_")
        if word not in words:
            raise Wrong("is none of the known words", f"write one of {', '.join(words)}")
        return word

    return clean


def _yes_or_no(cell: str, _: Setting) -> str:
    word = one_line(cell).lower()
    if word not in _YES + _NO:
        raise Wrong("is neither yes nor no", "write yes or no, or leave it empty")
    return "yes" if word in _YES else "no"


def _conflict(cell: str, setting: Setting) -> str:
    return "" if one_line(cell).lower() == "unknown" else _yes_or_no(cell, setting)


def _day(cell: str, _: Setting) -> str:
    try:
        return date.fromisoformat(one_line(cell)).isoformat()
    except ValueError:
        raise Wrong("is not a date", "write it as 2004-05-31") from None


def _past_day(cell: str, setting: Setting) -> str:
    day = _day(cell, setting)
    if day > setting.today.isoformat():
        raise Wrong("lies in the future", "write the day on which it was confirmed")
    return day


def _hours(cell: str, _: Setting) -> str:
    try:
        return hours_in_words(read_hours(one_line(cell)))
    except ValueError:
        raise Wrong("are not days and hours", "write them as Mon-Fri 09:00-12:00; Sat 10:00-11:00") from None


def _birth_date(cell: str, setting: Setting) -> str:
    day = _day(cell, setting)
    if not "1890-01-01" <= day <= setting.today.isoformat():
        raise Wrong("cannot be a birth date", "write the day of birth as 2004-05-31")
    return day


def _email(cell: str, _: Setting) -> str:
    try:
        found = validate_email(one_line(cell), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise Wrong(
            "is not an e-mail address", "write one address such as name@example.org, or leave it empty"
        ) from None
    return found.ascii_email or found.normalized


def _phone(cell: str, setting: Setting) -> str:
    text = one_line(cell)
    for attempt in (text, f"+{text}"):
        try:
            number = phonenumbers.parse(attempt, setting.country)
        except phonenumbers.NumberParseException:
            continue
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.number_type(number) in _ORDINARY or _DRAMA.fullmatch(written):  # an invalid number has no type
            return written
    raise Wrong("is not a telephone number of a person", "write it with its country, such as +44 20 7946 0018")


def _address(cell: str, _: Setting) -> str:
    if _NO_ABODE.fullmatch(cell):
        return ""
    lines = [one_line(line) for line in re.split(r"[;\r\n]+", cell)]
    kept = [line for line in lines if line]
    if len(kept) > 8 or any(len(line) > 100 for line in kept):
        raise Wrong(
            "is too long for an envelope", "write at most eight lines of 100 characters, separated by semicolons"
        )
    return LINE_BREAK.join(kept)


def _country(cell: str, _: Setting) -> str:
    code = one_line(cell).upper()
    try:
        return places.country(places.checked(code))
    except ValueError:
        raise Wrong("is not a country's code", "write its two letters, such as GB or FR") from None


def _language(cell: str, _: Setting) -> str:
    code = one_line(cell).lower().replace("_", "-")
    if not _LANGUAGE.fullmatch(code):
        raise Wrong("is not a language's code", "write its two letters, such as en or cy")
    return code


def _flags(cell: str, _: Setting) -> str:
    words = {one_line(word).lower().replace(" ", "_").replace("-", "_") for word in re.split(r"[;,|]", cell)} - {""}
    if words - set(FLAGS):
        raise Wrong("holds an unknown flag", f"write any of {', '.join(FLAGS)}, separated by semicolons")
    return LINE_BREAK.join(sorted(words))


def no_fixed_abode(cell: str) -> bool:
    """Whether an address says that there is none."""
    return _NO_ABODE.fullmatch(cell) is not None


def postcode(cell: str, country: str) -> str:
    """A postcode in its country's form, as far as we know it. Raises Wrong."""
    code = one_line(cell).upper()
    if country == "GB":
        bare = code.replace(" ", "")
        code = f"{bare[:-3]} {bare[-3:]}"
        if not _GB_POSTCODE.fullmatch(code):
            raise Wrong("is not a postcode of the United Kingdom", "write it such as SW1A 1AA, or name the country")
    return code


_ADDRESS_LINE = Column("one line of the postal address, instead of address", _address)
COLUMNS: dict[str, Column] = {
    "reference": Column("your own mark for the person: unique in the incident, and what guardian_reference names", _text(100)),
    "kind": Column(f"what the person is here: {', '.join(PERSON_KINDS)}", _word(PERSON_KINDS)),
    "name": Column("full name", _text(200)),
    "salutation": Column("how they are addressed after Dear, when not by their full name", _text(100)),
    "email": Column("e-mail address", _email),
    "email_2": Column("second e-mail address, tried when the first fails", _email),
    "phone": Column("telephone number", _phone),
    "address": Column("postal address, lines separated by semicolons; or: no fixed abode", _address),
    **{f"address_{number}": _ADDRESS_LINE for number in range(1, 7)},
    "postcode": Column("postcode, if the address does not hold it", _text(20)),
    "country": Column("country of the address and the number: two letters", _country),
    "language": Column("language that they read: two letters", _language),
    "birth_date": Column("day of birth as 2004-05-31: a child is told by a person", _birth_date),
    "flags": Column(f"why a person must tell them, separated by semicolons: {', '.join(FLAGS)}", _flags),
    "safe_channel": Column(f"the way that they said is safe: {' or '.join(SAFE_CHANNELS)}", _word(SAFE_CHANNELS)),
    "safe_number": Column("the number that they said is safe", _phone),
    "safe_hours": Column("days and hours that they said are safe, as Mon-Fri 09:00-12:00; Sat 10:00-11:00; empty: any", _hours),
    "safe_answers": Column("who else may answer there; empty: nobody, and nothing is said to them", _text(200)),
    "safe_language": Column("language that is spoken with them there: two letters", _language),
    "voicemail": Column("whether a message may be left: yes or no", _yes_or_no),
    "withhold_number": Column("whether our number is withheld when they are rung: yes or no; empty: yes", _yes_or_no),
    "ask_first": Column("whether it is asked again before each contact if it is still safe: yes or no; empty: yes", _yes_or_no),
    "code_word": Column("agreed word by which they know that the call is real", _text(50)),
    "safe_until": Column("day until which that is known to be safe, as 2026-12-31", _day),
    "safe_source": Column("how that is known: from themselves, from their case file", _text(200)),
    "safe_confirmed_by": Column("who confirmed it with them", _text(200)),
    "safe_confirmed_on": Column("day on which it was confirmed with them, as 2026-11-20", _past_day),
    "guardian_reference": Column("reference of the parent or guardian, who is on the list with kind guardian or their own", _text(100)),
    "guardian_verified": Column("whether it was checked that this is the guardian: yes or no", _yes_or_no),
    "guardian_conflict": Column("whether the guardian's interests conflict, by suspicion for instance: yes, no or unknown", _conflict),
    "deceased": Column("whether the person has died: yes or no", _yes_or_no),
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
