"""The reader of YAML takes no liberties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.reading import BadYaml, parse


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("on", "on"),
        ("2016-12-01", "2016-12-01"),
        ("2016-12-01T10:00+01:00", "2016-12-01T10:00+01:00"),
        ("12:30", "12:30"),
        ("017", "017"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1.5", "1.5"),
        ("'15'", "15"),
        ("15", 15),
        ("-3", -3),
        ("true", True),
        ("null", None),
        ("~", None),
    ],
)
def test_only_null_true_false_and_whole_numbers_are_more_than_text(written: str, read: object) -> None:
    assert parse(f"key: {written}").value == {"key": read}


def test_every_key_and_item_has_its_line() -> None:
    page = parse("one:\n  two:\n    - three\n    - four\n")
    assert page.line(("one",)) == 1
    assert page.line(("one", "two")) == 2
    assert page.line(("one", "two", "1")) == 4
    assert page.line(("one", "two", "elsewhere")) == 2


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "twice"),
        ("a: &x [1]\nb: *x\n", 1, "anchors"),
        ("a: [1, 2\nb: 3\n", 2, "not YAML"),
        ("? [1, 2]\n: 3\n", 1, "plain word"),
        ("a: \x07\n", 0, "not YAML"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: !!python/object:os.system x\n", 1, "tags"),
        ("&x a: 1\n", 1, "anchors"),
        ("[" * 100_000, 1, "nested deeper"),
        ("{a: " * 100_000, 1, "nested deeper"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(BadYaml, match=says) as refusal:
        parse(text)
    assert refusal.value.line == line


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        parse(text)
    except BadYaml as refusal:
        assert refusal.says
