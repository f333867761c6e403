"""The ENISA score against worked cases, and the suggestion that follows from it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.facts import assemble
from rulebook.severity import BASE, CIRCUMSTANCES, EASE, WHY, Inputs, band, score
from rulebook.suggestion import STEPS, suggest

# Name, categories of data, ease, circumstances; then DPC, EI, CB, SE and band.
CASES: list[tuple[str, dict[str, Any], str, dict[str, Any], tuple[int, float, float, float, str]]] = [
    ("discs with interviews of abused children lost in a shared reception", {"sensitive": 4}, "maximum",
     {"confidentiality": "exposed", "availability": "recoverable"}, (4, 1.0, 0.0, 4.0, "very_high")),
    ("the only master of a victim's interview lost", {"sensitive": None}, "maximum",
     {"confidentiality": "exposed", "availability": "permanent"}, (4, 1.0, 0.5, 4.5, "very_high")),
    ("names and phones of customers mailed to one wrong recipient", {"simple": None}, "maximum",
     {"confidentiality": "known_recipients"}, (1, 1.0, 0.25, 1.25, "low")),
    ("business contacts behind a public link", {"simple": None}, "maximum",
     {"confidentiality": "unknown_recipients"}, (1, 1.0, 0.5, 1.5, "low")),
    ("a shop's customer profiles stolen by hackers", {"behavioural": 3, "simple": None}, "significant",
     {"confidentiality": "unknown_recipients", "malicious": True}, (3, 0.75, 1.0, 3.25, "high")),
    ("an encrypted stick with health records stolen, with a backup", {"sensitive": 4}, "negligible",
     {"confidentiality": "exposed", "availability": "recoverable", "malicious": True}, (4, 0.25, 0.5, 1.5, "low")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "dpc", "ei", "cb", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_worked_case_scores_as_worked(
    name: str, dpc: dict[str, Any], ei: str, cb: dict[str, Any], expected: tuple[int, float, float, float, str]
) -> None:
    found = score(Inputs.model_validate({"dpc": dpc, "ei": ei, "cb": cb}))
    assert (found.dpc, found.ei, found.cb, found.se, found.band) == expected
    assert f"= {found.se:g}:" in found.working[-1]


@pytest.mark.parametrize(
    ("se", "expected"),
    [(0.25, "low"), (1.75, "low"), (2, "medium"), (2.75, "medium"), (3, "high"), (4, "very_high"), (6, "very_high")],
)
def test_the_bands_begin_at_two_three_and_four(se: float, expected: str) -> None:
    assert band(se) == expected


def test_flags_stand_beside_the_score_and_change_nothing_in_it() -> None:
    inputs = Inputs.model_validate({"dpc": {"sensitive": 4}, "ei": "maximum"})
    assert score(inputs, people=100, unintelligible=False).flags == ()
    flagged = score(inputs, people=101, unintelligible=True)
    assert flagged.flags == ("number_over_100", "unintelligible")
    assert flagged.se == score(inputs).se


def test_each_adjustment_has_its_reason_in_the_working() -> None:
    for category, base in BASE.items():
        for points in {1, 2, 3, 4} - {base}:
            found = score(Inputs.model_validate({"dpc": {category: points}, "ei": "limited"}))
            assert WHY[category, points] in found.working[0]


@given(
    st.dictionaries(st.sampled_from(list(BASE)), st.integers(1, 4), min_size=1),
    st.sampled_from(list(EASE)),
    st.sampled_from(["untouched", "exposed", "known_recipients", "unknown_recipients"]),
    st.sampled_from(["untouched", "altered", "altered_recoverable", "altered_unrecoverable"]),
    st.sampled_from(["untouched", "recoverable", "temporary", "permanent"]),
    st.booleans(),
)
def test_the_score_is_the_formula_and_stays_within_its_ends(
    dpc: dict[str, int], ei: str, confidentiality: str, integrity: str, availability: str, malicious: bool
) -> None:
    cb = {
        "confidentiality": confidentiality,
        "integrity": integrity,
        "availability": availability,
        "malicious": malicious,
    }
    found = score(Inputs.model_validate({"dpc": dpc, "ei": ei, "cb": cb}))
    parts = sum(CIRCUMSTANCES[word][0] for word in (confidentiality, integrity, availability)) + 0.5 * malicious
    assert found.se == max(dpc.values()) * EASE[ei] + parts
    assert 0.25 <= found.se <= 6.0


# The examples of the EDPB's guidelines on notification: what the score and the circumstances suggest.
EXAMPLES: list[tuple[str, dict[str, Any], str]] = [
    ("encrypted backup on a stick, stolen; other backups exist", {
        "severity.dpc.sensitive": 4, "severity.ei": "negligible", "severity.cb.malicious": True,
        "protection.encrypted": True, "protection.key_compromised": False, "protection.backup": True}, "document_only"),
    ("attack on an online service, customers' accounts taken", {
        "severity.dpc.behavioural": 2, "severity.dpc.simple": 1, "severity.ei": "maximum",
        "severity.cb.confidentiality": "unknown_recipients", "severity.cb.malicious": True}, "tell_people"),
    ("ransomware, all of it back from a backup, nothing taken", {
        "severity.dpc.sensitive": 4, "severity.ei": "maximum", "severity.cb.availability": "recoverable",
        "severity.cb.malicious": True, "protection.backup": True}, "document_only"),
    ("a host's error shows users each other's accounts, no sign that anyone looked", {
        "severity.dpc.behavioural": 2, "severity.ei": "maximum", "severity.cb.confidentiality": "exposed"}, "tell_authority"),
    ("power cut of some minutes at a call centre", {
        "severity.dpc.simple": 1, "severity.ei": "maximum", "severity.cb.availability": "temporary"}, "document_only"),
    ("ransomware, no backup, nothing taken", {
        "severity.dpc.simple": 1, "severity.ei": "maximum", "severity.cb.availability": "permanent",
        "severity.cb.malicious": True, "protection.backup": False}, "tell_authority"),
    ("a month's bank statement to the wrong customer", {
        "severity.dpc.financial": 3, "severity.ei": "maximum", "severity.cb.confidentiality": "known_recipients"}, "tell_people"),
    ("marketplace: logins and purchases published", {
        "severity.dpc.behavioural": 3, "severity.ei": "maximum", "severity.cb.confidentiality": "unknown_recipients",
        "severity.cb.malicious": True}, "tell_people"),
    ("hospital records out of reach for 30 hours after an attack", {
        "severity.dpc.sensitive": 4, "severity.ei": "maximum", "severity.cb.availability": "temporary",
        "severity.cb.malicious": True}, "tell_people"),
    ("students' data to a wrong mailing list of a thousand", {
        "severity.dpc.simple": 2, "severity.ei": "maximum", "severity.cb.confidentiality": "known_recipients",
        "people.GB": 1000}, "tell_authority"),
    ("advertising with all addresses visible", {
        "severity.dpc.simple": 1, "severity.ei": "significant", "severity.cb.confidentiality": "known_recipients"}, "document_only"),
    ("a therapist's list with all addresses visible", {
        "severity.dpc.sensitive": 4, "severity.ei": "significant", "severity.cb.confidentiality": "known_recipients"}, "tell_people"),
]  # fmt: skip


def _suggested(told: dict[str, Any]) -> Any:
    facts = assemble(told)
    assert facts.severity is not None
    return suggest(facts, score(facts.severity, sum(n or 0 for n in (facts.people or {}).values())))


@pytest.mark.parametrize(("name", "told", "expected"), EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_an_example_of_the_guidelines_is_suggested_as_they_have_it(
    name: str, told: dict[str, Any], expected: str
) -> None:
    assert _suggested(told).act == expected


STATEMENT = {"severity.dpc.financial": 3, "severity.ei": "maximum", "severity.cb.confidentiality": "known_recipients"}


def test_a_trusted_recipient_lowers_the_suggestion_by_one_step_and_says_so() -> None:
    lowered = _suggested(STATEMENT | {"findings.recipient_trusted": True})
    assert (lowered.act, lowered.risk) == ("tell_authority", "risk")
    assert any("trusted" in reason for reason in lowered.reasons)


def test_recovery_lowers_it_only_where_nobody_got_to_see_the_data() -> None:
    lost = {"severity.dpc.financial": 3, "severity.ei": "maximum", "severity.cb.confidentiality": "exposed"}
    assert _suggested(lost | {"protection.recovered": True}).act == "tell_authority"
    assert _suggested(STATEMENT | {"protection.recovered": True}).act == "tell_people"
    assert _suggested(lost | {"protection.recovered": True, "severity.cb.malicious": True}).act == "tell_people"


@pytest.mark.parametrize(("backup", "act"), [(True, "document_only"), (False, "tell_people"), (None, "tell_people")])
def test_encryption_keeps_readers_out_but_brings_nothing_back(backup: bool | None, act: str) -> None:
    told = {"severity.dpc.financial": 3, "severity.ei": "maximum", "severity.cb.availability": "permanent"}
    told |= {"protection.encrypted": True, "protection.key_compromised": False, "protection.backup": backup}
    assert _suggested(told).act == act


def test_a_suggestion_names_those_who_need_special_care() -> None:
    assert "child" in _suggested(STATEMENT | {"kinds": ["child", "employee"]}).reasons[-1]


@pytest.mark.parametrize(
    ("changed", "act"),
    [
        ({}, "document_only"),
        ({"protection.backup": False}, "tell_people"),
        ({"severity.cb.confidentiality": "exposed"}, "tell_people"),
        ({"severity.cb.availability": "temporary"}, "tell_people"),
        ({"severity.cb.integrity": "altered_unrecoverable"}, "tell_people"),
        ({"severity.cb.integrity": "altered_recoverable"}, "document_only"),
    ],
)
def test_what_a_backup_brought_back_unseen_is_documented_and_nothing_else_is(changed: dict[str, Any], act: str) -> None:
    ransomware = {"severity.dpc.sensitive": 4, "severity.ei": "maximum", "severity.cb.malicious": True}
    ransomware |= {"severity.cb.availability": "recoverable", "protection.backup": True}
    assert _suggested(ransomware | changed).act == act


@pytest.mark.parametrize(
    ("circumstance", "word"),
    [("availability", "temporary"), ("availability", "permanent"), ("integrity", "altered_unrecoverable")],
)
def test_data_that_is_gone_or_wrong_counts_and_is_named(circumstance: str, word: str) -> None:
    told = {"severity.dpc.financial": 3, "severity.ei": "limited", f"severity.cb.{circumstance}": word}
    assert any("gone, out of reach or wrong" in reason for reason in _suggested(told).reasons)
    facts, before = assemble(told), assemble(told | {f"severity.cb.{circumstance}": "untouched"})
    assert facts.severity and before.severity
    assert score(facts.severity).se > score(before.severity).se


@given(
    st.sampled_from(list(BASE)),
    st.sampled_from(list(EASE)),
    st.booleans(),
    st.sampled_from(["protection.recovered", "findings.recipient_trusted", "protection.backup"]),
)
def test_what_speaks_for_less_never_suggests_more(category: str, ei: str, malicious: bool, kinder: str) -> None:
    told = {f"severity.dpc.{category}": None, "severity.ei": ei, "severity.cb.malicious": malicious}
    told |= {"severity.cb.availability": "recoverable"}
    assert STEPS.index(_suggested(told | {kinder: True}).act) <= STEPS.index(_suggested(told).act)
