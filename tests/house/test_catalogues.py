"""Each language of the pages says all that they say, and nothing that they no longer say."""

import re

import pytest

from web.catalogue import forms, gathered, renewed, untranslated
from web.languages import SPOKEN, WRITTEN, catalogue, held
from web.paper import PAGES, shelf

OTHERS = sorted(set(SPOKEN) - {WRITTEN})
COMMAND = re.compile(r"'forthwith [^']*'")
GAPS = re.compile(r"%\(\w+\)s|\{\d\}")


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated_and_none_is_stale(language: str) -> None:
    """Run `make catalogue`, then write the words that it says are missing."""
    assert untranslated(renewed(language)) == []
    kept, said = (
        {(one.context, one.id) for one in found if one.id} for found in (catalogue(language), renewed(language))
    )
    assert kept - said == set()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_gaps_of_its_message(language: str) -> None:
    """What stands inside a command for the command line may be left out: a page has buttons."""
    wrong = []
    for one in catalogue(language):
        asked = str(one.id if isinstance(one.id, str) else one.id[0])
        needed = set(GAPS.findall(COMMAND.sub("", asked)))
        wrong += [
            asked
            for words in forms(one)
            if asked and not needed <= set(GAPS.findall(words)) <= set(GAPS.findall(asked))
        ]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_holds_no_markup_and_nothing_fuzzy(language: str) -> None:
    """What _() gives is not escaped on a page."""
    assert [
        str(one.id) for one in catalogue(language) if one.id and (one.fuzzy or set("<>&") & set(str(one.string)))
    ] == []
    assert f"Language: {language}" in held(language).decode()


def test_templates_translate_their_own_words_alone() -> None:
    """What _() gives is not escaped, so it is never asked for a value; the filter `spoken` is for those."""
    asked = [
        (path.name, line)
        for path in PAGES.glob("*.html")
        for line, call, message in shelf().extract_translations(path.read_text("utf-8"))  # type: ignore[attr-defined]
        if call in ("_", "gettext", "ngettext")
        and (message is None or (isinstance(message, tuple) and message[0] is None))
    ]
    assert asked == []


def test_the_gathering_sees_templates_forms_codes_refusals_and_questions() -> None:
    said = {one.id if isinstance(one.id, str) else one.id[0] for one in gathered() if one.id}
    assert said >= {
        "War room",
        "Propose that a duty is not required",
        "victim of abuse",
        "Wave {0} is {1} already.",
        "decision {0} waits for a second person",
        "Too many wrong tries. Try again in {0}.",
    }


def test_what_a_template_has_said_as_markup_is_a_literal() -> None:
    """_() gives markup: words from elsewhere would be markup too. They are for | spoken, which is escaped."""
    said = re.compile(r"(?<![\w.])(?:_|gettext|ngettext)\((?![\"'])")
    assert [path.name for path in PAGES.glob("*.html") if said.search(path.read_text("utf-8"))] == []
