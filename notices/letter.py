"""A notice as a letter on paper: A4 for a window envelope, accessible, the same bytes for the same words."""

from collections.abc import Iterable
from datetime import date

from notices.errors import BadData, Unprintable
from notices.notice import Notice
from notices.shelf import Shelf, shelf
from notices.typesetting import typeset
from notices.wording import clean, day_in_words

ADDRESS_LINES = 6  # what the window shows, at the size that the letter is set in


def letter(notice: Notice, address_lines: Iterable[str], dated_on: date) -> bytes:
    """The letter as a PDF. `Unprintable` names the template and the reply reference, never the person.

    The address is the only thing here that is not in the notice's own hash: its lines come from the person's record.
    """
    return letter_from(shelf(), notice, address_lines, dated_on)


def letter_from(books: Shelf, notice: Notice, address_lines: Iterable[str], dated_on: date) -> bytes:
    """As `letter`, from templates that are not, or not yet, the house's own."""
    what = f"the letter of {notice.template} with reply reference {notice.reply_reference}"
    if "letter" not in notice.shapes:
        raise Unprintable(what, "this notice does not come as a letter")
    labels = books.labels(notice.language)
    page = {
        "subject": notice.subject,
        "organisation": notice.organisation,
        "from": [notice.organisation, *notice.sender] if not notice.discreet else [""],
        "to": _address(what, address_lines),
        "dated_on": day_in_words(dated_on),
        "reference": notice.reply_reference,
        "language": labels["language"].partition("-")[0],
        "region": labels["language"].partition("-")[2] or None,
        "labels": labels,
        "blocks": [block.plain() for block in notice.in_shape("letter")],
    }
    file = "shapes/letter.typ"
    return typeset(books.files[file], page, dated_on=dated_on, what=what, file=file)


def _address(what: str, lines: Iterable[str]) -> list[str]:
    cleaned = [line for line in map(clean, lines) if line]
    if not 2 <= len(cleaned) <= ADDRESS_LINES:
        raise BadData(what, (("address_lines", f"has {len(cleaned)} lines; an address has 2 to {ADDRESS_LINES}"),))
    return cleaned
