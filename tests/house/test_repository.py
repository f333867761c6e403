"""What is in the repository, and what must never be."""

import re

import pytest

from tests.house.source import ROOT, texts

# Spelt in pieces, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a path of somebody's machine": r"/(home|Users|root|work)/[a-z]",
    "a temporary folder of somebody's machine": r"(?<![\w.])/tmp/(?!\$|\{)\w",
    "the host of a package registry": r"(py[p]i\.org|python[h]osted|/sim[p]le/|index[-]url\s*=|--index[-]url)",
    "an address that could be somebody's": r"[\w.+-]+@(?!example\.(org|com|net)|127\.0\.0\.1)(gmail|outlook|yahoo|hotmail|cps)\.",
    "an unfinished merge": r"(?m)^(<{7}|>{7}|\|{7}) ",
    "a secret key": r"(SG\.[\w-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY)",
}
# What a program wrote or a reader approved, byte for byte.
AS_IT_CAME = ("tests/golden/", "docs/pictures/", "flows/fresh_prefect.sql", "web/static/vendor/")
ALLOWED = {("tests/conftest.py", "a temporary folder of somebody's machine")}  # a socket's path must be short


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_repository_holds_nothing_of_the_kind(what: str) -> None:
    found = [
        f"{name}: {match.group()}"
        for name, text in texts().items()
        if (name, what) not in ALLOWED and name != "tests/house/test_repository.py"
        for match in re.finditer(FORBIDDEN[what], text)
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_versions_and_never_where_they_come_from(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9.-]+(\[[a-z0-9,-]+\])?==[\w.!+]+( ; .+)?", line)] == []


def test_what_the_deployment_needs_is_locked_alike_for_those_who_develop_it() -> None:
    shipped, developed = (
        (ROOT / name).read_text("utf-8").splitlines() for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert set(shipped) <= set(developed)


def test_files_end_with_a_line_and_have_no_loose_ends() -> None:
    written = {name: text for name, text in texts().items() if not name.startswith(AS_IT_CAME) and text}
    loose = [
        name for name, text in written.items() if not text.endswith("\n") or re.search(r"[ \t]+$", text, re.MULTILINE)
    ]
    assert loose == []
