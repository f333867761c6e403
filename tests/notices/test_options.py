"""Whatever fact stands behind a choice of a form takes each of its options and refuses what is none, in a sentence that names them."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.as_typed import as_typed
from actions.errors import Conflict
from actions.form_facts import OPTIONS
from actions.known import STORY, check_known, shape_of
from cli.typed import read_pairs
from notices.forms.every import FORMS
from notices.forms.form import Question
from notices.forms.known import Known
from notices.forms.options import chosen
from notices.report import build
from rulebook.codes import words

CHOICES = ("choice", "choices", "yes_no")
NO_OPTIONS = {"story.processors": "names: that there are any is the answer", "story.records": "a count"}
"""Facts behind a choice that are no choice themselves, and why."""


def behind() -> Iterator[tuple[str, Question, str]]:
    """Each fact that somebody records and that a choice of a form rests on."""
    for form in FORMS.values():
        for question in form.questions:
            if question.kind in CHOICES:
                yield from ((form.key, question, name) for name in question.facts if name in STORY)


BEHIND = sorted({name for _, _, name in behind()} - set(NO_OPTIONS))
CODED = sorted({name for form in FORMS.values() for one in form.questions for name in one.facts} & set(words()))
ALONE = [(form, question, name) for form, question, name in behind() if name in OPTIONS]


def test_no_fact_behind_a_choice_is_left_to_words_of_ones_own() -> None:
    assert {shape_of(name) for name in BEHIND} <= set(CHOICES)
    assert {"story.cyber_systems", "story.cyber_impact", "story.cyber_recovery", "story.likelihood"} <= set(BEHIND)
    assert len(BEHIND) > 40 and len(CODED) > 2


@given(name=st.sampled_from(BEHIND), typed=st.text(max_size=30))
def test_what_is_no_option_is_refused_and_the_options_are_named(name: str, typed: str) -> None:
    options = OPTIONS.get(name, ("true", "false"))
    if chosen(typed, options) or not typed.strip():
        return
    for value in (typed, [typed], [*options[:1], typed], 7, {typed: typed}):
        with pytest.raises(Conflict) as refused:
            check_known({name: value})
        assert name in str(refused.value) and all(option in str(refused.value) for option in options)


@given(name=st.sampled_from(CODED), typed=st.text(min_size=1, max_size=30))
def test_what_is_no_code_of_the_rulebook_is_refused(name: str, typed: str) -> None:
    if typed not in words()[name]:
        with pytest.raises(Conflict, match=name):
            check_known({name: [typed]})


@pytest.mark.parametrize(("form", "question", "name"), ALONE, ids=lambda one: getattr(one, "key", str(one)))
def test_each_option_is_taken_as_it_is_typed_and_stands_in_the_report(form: str, question: Question, name: str) -> None:
    for option in OPTIONS[name]:
        told = as_typed(name, option)
        check_known({name: told})
        assert read_pairs([f"{name}={option}"]) == {name: told}
        answer = question.answer(Known({name: told}))
        assert answer.value == ((option,) if question.kind == "choices" else option), form
        assert answer.unknown is (option == question.stand_in), "what stands in for the answer is none"


def test_what_was_said_before_there_were_options_stands_beside_and_is_still_owed() -> None:
    told = {"story.cyber": True, "story.cyber_impact": "rather bad", "story.cyber_systems": ["the till"]}
    fields = {field.key: field for field in build("ico", "initial", told).fields}
    assert (fields["cyber_impact"].value, fields["cyber_impact"].note) == ("not yet known", "rather bad")
    assert fields["cyber_impact"].missing and fields["cyber_systems"].note == "the till"
    check_known({"story.how": "It fell."}, before=told)


def test_not_known_is_always_taken() -> None:
    check_known(dict.fromkeys(BEHIND))
