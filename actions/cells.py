"""The checks of single cells of a list of people: each gives back the one form that is kept, or says what is wrong."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

from actions.phones import ordinary
from actions.postal import in_the_form_of, post_of
from actions.safe_hours import hours_in_words, read_hours
from db.models.person import FLAGS
from rulebook import places

LINE_BREAK = ";"
OLDEST = 130
"""Nobody is known to have lived longer, in years."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SPACE = re.compile(r"[ \t\r\n]+")
_ADDRESS_BREAK = re.compile(r"[;\r\n]+")
_NO_ABODE = re.compile(r"\W*(no fixed (abode|address)|nfa|homeless|of no fixed abode)\W*", re.IGNORECASE)
_GB_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_PLAIN_MAILBOX = re.compile(r"([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@([A-Za-z0-9.-]+)")
_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
_HOW_EMAIL = "write one address such as name@example.org, or leave it empty"
_HOW_DAY = "write the day of birth as 2004-05-31"


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


def one_line(cell: str) -> str:
    """The text in composed form on one line, without what cannot be seen."""
    if cell.isascii() and cell.isprintable() and "  " not in cell:  # nothing below could change it
        return cell.strip()
    return _CONTROL.sub("", _SPACE.sub(" ", unicodedata.normalize("NFC", cell))).strip()


def text(longest: int) -> Clean:
    """Any text up to this length."""

    def clean(cell: str, _: Setting) -> str:
        line = one_line(cell)
        if len(line) > longest:
            raise Wrong(f"is longer than {longest} characters", "shorten it")
        return line

    return clean


def word(words: tuple[str, ...]) -> Clean:
    """One of these words, however it is spaced and capitalised."""
    known = {one: one for one in words}
    how = f"write one of {', '.join(words)}"

    def clean(cell: str, _: Setting) -> str:
        found = known.get(cell) or one_line(cell).lower().replace(" ", "_").replace("-", "_")
        if found not in known:
            raise Wrong("is none of the known words", how)
        return found

    return clean


def yes_or_no(cell: str, _: Setting) -> str:
    """A tick, in any of the ways in which spreadsheets write one."""
    found = one_line(cell).lower()
    if found not in _YES + _NO:
        raise Wrong("is neither yes nor no", "write yes or no, or leave it empty")
    return "yes" if found in _YES else "no"


def conflict(cell: str, setting: Setting) -> str:
    """Whether interests conflict; unknown is kept as nothing, which never counts as no."""
    return "" if one_line(cell).lower() == "unknown" else yes_or_no(cell, setting)


def day(cell: str, _: Setting) -> str:
    """A day with its year first: no other order can be told apart from its mirror image."""
    return _day(cell).isoformat()


def _day(cell: str) -> date:
    try:
        return date.fromisoformat(one_line(cell))
    except ValueError:
        raise Wrong("is not a date", "write it as 2004-05-31") from None


def past_day(cell: str, setting: Setting) -> str:
    """A day that has been."""
    found = _day(cell)
    if found > setting.today:
        raise Wrong("lies in the future", "write the day on which it was confirmed")
    return found.isoformat()


def hours(cell: str, _: Setting) -> str:
    """Days of the week with their hours."""
    try:
        return hours_in_words(read_hours(one_line(cell)))
    except ValueError:
        raise Wrong("are not days and hours", "write them as Mon-Fri 09:00-12:00; Sat 10:00-11:00") from None


def birth_date(cell: str, setting: Setting) -> str:
    """A day on which someone alive can have been born."""
    found = _day(cell)
    if found > setting.today:
        raise Wrong("cannot be a birth date, since it is still to come", _HOW_DAY)
    if found.year < setting.today.year - OLDEST:
        raise Wrong(f"cannot be a birth date, since nobody is older than {OLDEST}", _HOW_DAY)
    return found.isoformat()


def email(cell: str, _: Setting) -> str:
    """One mailbox, in plain letters. An ordinary one is split here, and its domain asked about once; others are read whole."""
    line = one_line(cell)
    plain = _PLAIN_MAILBOX.fullmatch(line)
    if plain and len(line) <= 254 and len(plain[1]) <= 64 and plain[1].lower() not in CASE_INSENSITIVE_MAILBOX_NAMES:
        domain = _domain(plain[2])
        if domain and len(plain[1]) + len(domain) < 254:
            return f"{plain[1]}@{domain}"
    found = _mailbox(line)
    if not found:
        raise Wrong("is not an e-mail address", _HOW_EMAIL)
    return found


@lru_cache(maxsize=10_000)
def _domain(domain: str) -> str:
    """The domain in its one form; empty where no mailbox can be at it."""
    return _mailbox(f"a@{domain}")[2:]


def _mailbox(line: str) -> str:
    try:
        found = validate_email(line, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return ""
    return found.ascii_email or found.normalized


def phone(cell: str, setting: Setting) -> str:
    """A number at which a person answers, with its country's code."""
    found = ordinary(one_line(cell), setting.country)
    if not found:
        raise Wrong("is not a telephone number of a person", "write it with its country, such as +44 20 7946 0018")
    return found


def address(cell: str, _: Setting) -> str:
    """A postal address, or some lines of one; that there is none is an answer too."""
    if _NO_ABODE.fullmatch(cell):
        return ""
    kept = [line for line in map(one_line, _ADDRESS_BREAK.split(cell)) if line]
    if len(kept) > 8 or max(map(len, kept), default=0) > 100:
        raise Wrong(
            "is too long for an envelope", "write at most eight lines of 100 characters, separated by semicolons"
        )
    return LINE_BREAK.join(kept)


def country(cell: str, _: Setting) -> str:
    """A country's two letters."""
    return _country(cell)


@lru_cache(maxsize=1000)
def _country(cell: str) -> str:
    try:
        return places.country(places.checked(one_line(cell).upper()))
    except ValueError:
        raise Wrong("is not a country's code", "write its two letters, such as GB or FR") from None


def language(cell: str, _: Setting) -> str:
    """A language's code."""
    code = one_line(cell).lower().replace("_", "-")
    if not _LANGUAGE.fullmatch(code):
        raise Wrong("is not a language's code", "write its two letters, such as en or cy")
    return code


def flags(cell: str, _: Setting) -> str:
    """Why a person must tell them."""
    words = {one_line(one).lower().replace(" ", "_").replace("-", "_") for one in re.split(r"[;,|]", cell)} - {""}
    if words - set(FLAGS):
        raise Wrong("holds an unknown flag", f"write any of {', '.join(FLAGS)}, separated by semicolons")
    return LINE_BREAK.join(sorted(words))


def no_fixed_abode(cell: str) -> bool:
    """Whether an address says that there is none."""
    return _NO_ABODE.fullmatch(cell) is not None


def postcode(cell: str, country: str) -> str:
    """A postcode in its country's form, as far as its form is known. Raises Wrong."""
    code = one_line(cell).upper()
    if country == "GB":
        bare = code.replace(" ", "")
        code = f"{bare[:-3]} {bare[-3:]}"
        if not _GB_POSTCODE.fullmatch(code):
            raise Wrong("is not a postcode of the United Kingdom", "write it such as SW1A 1AA, or name the country")
        return code
    code = in_the_form_of(country, code)
    post = post_of(country)
    if not post.takes(code):
        do = f"write it such as {post.example}; a spreadsheet may have taken a zero away from its front"
        raise Wrong(f"is not a postcode of {places.names().get(country, country)}", do)
    return code
