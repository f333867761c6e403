"""The languages of the pages: English as written in templates and code, others from catalogues that translators fill."""

from functools import cache
from gettext import NullTranslations
from importlib import resources
from io import BytesIO

from babel import Locale, negotiate_locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

import web

WRITTEN = "en"
SPOKEN = (WRITTEN, "fr")


def chosen(wanted: str, accepted: str) -> str:
    """The language wanted, if we speak it; else what the browser likes best of those that we speak; else English."""
    if wanted in SPOKEN:
        return wanted
    liked = sorted(filter(None, map(_liked, accepted[:200].split(","))), key=lambda one: -one[1])
    return negotiate_locale([name for name, _ in liked], SPOKEN, sep="-") or WRITTEN


def _liked(part: str) -> tuple[str, float] | None:
    """A language and how much it is liked, as in fr;q=0.8; None for what is refused or cannot be read."""
    name, _, weight = (word.strip() for word in part.partition(";"))
    try:
        much = float(weight.removeprefix("q=") or 1) if name else 0.0
    except ValueError:
        return None
    return (name, much) if much > 0 else None


@cache
def catalogue(language: str) -> Catalog:
    """Every message of the pages with its words in this language."""
    return read_po(BytesIO(held(language)), locale=language)


def held(language: str) -> bytes:
    """The catalogue as its translator wrote it."""
    return (resources.files(web) / "catalogues" / f"{language}.po").read_bytes()


@cache
def translator(language: str) -> NullTranslations:
    """The words of a language; English where a word is missing. The catalogue is read once, as it is: nothing is compiled or kept."""
    if language == WRITTEN:
        return NullTranslations()
    page = BytesIO()
    write_mo(page, catalogue(language))
    page.seek(0)
    return Translations(page)


def direction(language: str) -> str:
    """Which way it is written."""
    return Locale(language).text_direction
