"""The languages of the pages: English as written, others from catalogues made with Babel."""

from functools import cache
from gettext import NullTranslations
from importlib import resources

from babel import Locale, negotiate_locale
from babel.support import Translations

import web

SPOKEN = ("en", "fr")
FOLDER = "catalogues"


def chosen(wanted: str, accepted: str) -> str:
    """The language wanted, if we speak it; else the first accepted that we speak; else English."""
    if wanted in SPOKEN:
        return wanted
    asked = [part.split(";")[0].strip() for part in accepted[:200].split(",")]
    return negotiate_locale([one for one in asked if one], SPOKEN, sep="-") or SPOKEN[0]


@cache
def translator(language: str) -> NullTranslations:
    """The words of a language; English where a word is missing."""
    return Translations.load(str(resources.files(web) / FOLDER), [language], "pages")


def direction(language: str) -> str:
    """Which way it is written."""
    return Locale(language).text_direction
