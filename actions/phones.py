"""Telephone numbers: a plainly written one is known at a glance for an ordinary one; the library that knows them all reads the others."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberType
from phonenumbers.phonemetadata import PhoneNumberDesc

_ORDINARY = (
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.VOIP,
)
# Numbers that Ofcom keeps for drama: exercises and examples use them, and nobody else has them.
_DRAMA = re.compile(r"\+44(7700900|1632960)\d{3}")
_PLAIN = re.compile(r"\+?[0-9]+(?:[ -][0-9]+)*")
_LONGEST_CODE = 3
_SPECIAL = ("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail")


def ordinary(line: str, country: str) -> str:
    """The number with its country's code; empty where it is none at which a person answers."""
    return at_a_glance(line, country) or read(line, country)


def read(line: str, country: str) -> str:
    """The same, however it is written, by the library's whole reading."""
    for attempt in (line, f"+{line}"):
        try:
            number = phonenumbers.parse(attempt, country)
        except phonenumbers.NumberParseException:
            continue
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.number_type(number) in _ORDINARY or _DRAMA.fullmatch(written):  # an invalid number has no type
            return written
    return ""


def at_a_glance(line: str, country: str) -> str:
    """The same for a number in digits alone, from the same data; empty says nothing: it may be one all the same."""
    if not _PLAIN.fullmatch(line):
        return ""
    digits = line.replace(" ", "").replace("-", "")
    code, bare = _abroad(digits[1:]) if digits[0] == "+" else _at_home(digits, country)
    plan = _plan(code)
    if plan is None or not plan.is_read_so(bare):
        return ""
    written = f"+{code}{bare}"
    return written if plan.is_ordinary(bare) or _DRAMA.fullmatch(written) else ""


def _abroad(digits: str) -> tuple[int, str]:
    """The country's code and the rest; zero where no country has such a code."""
    for length in range(1, _LONGEST_CODE + 1):
        code = int(digits[:length])
        if code in COUNTRY_CODE_TO_REGION_CODE:
            return (0, "") if digits[0] == "0" else (code, digits[length:])
    return 0, ""


def _at_home(digits: str, country: str) -> tuple[int, str]:
    """The code of the country and the number without the nought before it; zero where it is not so simple there."""
    metadata = PhoneMetadata.metadata_for_region(country)
    code = (metadata and metadata.country_code) or 0
    if metadata is None or digits[0] != "0" or COUNTRY_CODE_TO_REGION_CODE.get(code, ("",))[0] != country:
        return 0, ""
    before = _of(metadata.national_prefix_for_parsing).match(digits)
    if before is None or before.end() != 1 or _of(metadata.international_prefix).match(digits):
        return 0, ""
    return code, digits[1:]


@dataclass(frozen=True)
class _Plan:
    """The numbers of one country's code, as the library's own data have them."""

    any_: re.Pattern[str]
    before: re.Pattern[str]
    """What may stand before a number there; a number that begins so is read whole."""
    ordinary: re.Pattern[str]
    special: re.Pattern[str]

    def is_read_so(self, bare: str) -> bool:
        """Whether it can be a number there, of which reading takes nothing away."""
        return bare[:1] != "0" and not self.before.match(bare) and self.any_.fullmatch(bare) is not None

    def is_ordinary(self, bare: str) -> bool:
        """Whether it is a line or a mobile, and cannot be of any other kind; whatever may be two things is read whole."""
        return self.ordinary.fullmatch(bare) is not None and not self.special.fullmatch(bare)


@cache
def _plan(code: int) -> _Plan | None:
    """The plan of this code; None where a number must be read whole to know to which of several countries it belongs."""
    metadata = PhoneMetadata.metadata_for_region(COUNTRY_CODE_TO_REGION_CODE.get(code, ("",))[0])
    if metadata is None or metadata.leading_digits or metadata.national_prefix_transform_rule:
        return None
    return _Plan(
        _any_of([metadata.general_desc]),
        _of(metadata.national_prefix_for_parsing),
        _any_of([metadata.fixed_line, metadata.mobile]),
        _any_of([getattr(metadata, kind) for kind in _SPECIAL]),
    )


def _any_of(kinds: Iterable[PhoneNumberDesc | None]) -> re.Pattern[str]:
    """Whatever is one of these kinds, by length and by pattern."""
    return re.compile("|".join(_kind(one) for one in kinds if one and one.national_number_pattern) or r"(?!)")


def _kind(kind: PhoneNumberDesc) -> str:
    lengths = "|".join(f"[0-9]{{{length}}}" for length in kind.possible_length)
    return (rf"(?=(?:{lengths})\Z)" if lengths else "") + f"(?:{kind.national_number_pattern})"


@cache
def _of(pattern: str | None) -> re.Pattern[str]:
    """This pattern; where there is none, one that nothing is like."""
    return re.compile(pattern or r"(?!)")
