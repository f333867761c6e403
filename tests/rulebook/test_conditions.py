"""Each named condition: true, false, and unknown with the fact that is wanted."""

from datetime import date
from typing import Any

import pytest

from rulebook.conditions import TESTS, judge
from rulebook.facts import assemble
from rulebook.when import When

TODAY = date(2026, 11, 21)
YES, NO, NOT_KNOWN = True, False, None


@pytest.mark.parametrize(
    ("when", "told", "holds", "missing"),
    [
        ({"role": "processor"}, {"organisation.roles": ["processor"]}, YES, ()),
        ({"role": "processor"}, {"organisation.roles": []}, NO, ()),
        ({"role": "processor"}, {}, NOT_KNOWN, ("organisation.roles",)),
        ({"role": ["processor", "controller"]}, {"organisation.roles": ["controller"]}, YES, ()),
        ({"not_role": "hipaa_covered_entity"}, {"organisation.roles": ["controller"]}, YES, ()),
        ({"not_role": "hipaa_covered_entity"}, {"organisation.roles": ["hipaa_covered_entity"]}, NO, ()),
        ({"not_role": "hipaa_covered_entity"}, {}, NOT_KNOWN, ("organisation.roles",)),
        ({"sector": "health"}, {"organisation.sectors": ["health"]}, YES, ()),
        ({"not_sector": "health"}, {"organisation.sectors": ["health"]}, NO, ()),
        ({"purpose": "general"}, {"purposes": ["general"]}, YES, ()),
        ({"purpose": "general"}, {}, NOT_KNOWN, ("purposes",)),
        ({"established_in": "GDPR"}, {"organisation.establishments": ["FR"]}, YES, ()),
        ({"established_in": "GDPR"}, {"organisation.establishments": ["GB"]}, NO, ()),
        ({"established_in": "GDPR"}, {}, NOT_KNOWN, ("organisation.establishments",)),
        (
            {"established_in": "GB-SCT"},
            {"organisation.establishments": ["GB"]},
            NOT_KNOWN,
            ("organisation.establishments",),
        ),
        ({"established_in": "GB"}, {"organisation.establishments": ["GB-SCT"]}, YES, ()),
        ({"not_established_in": "GDPR"}, {"organisation.establishments": ["FR"]}, NO, ()),
        ({"not_established_in": "GDPR"}, {"organisation.establishments": ["US"]}, YES, ()),
        ({"directed_at": "KE"}, {"organisation.directed_at": ["NG", "KE"]}, YES, ()),
        ({"directed_at": "KE"}, {"organisation.directed_at": ["NG"]}, NO, ()),
        ({"directed_at": "KE"}, {"organisation.directed_at": []}, NO, ()),
        ({"directed_at": "KE"}, {}, NOT_KNOWN, ("organisation.directed_at",)),
        ({"directed_at": "US-TX"}, {"organisation.directed_at": ["US"]}, NOT_KNOWN, ("organisation.directed_at",)),
        ({"processed_in": "KY"}, {"organisation.processed_in": ["GB", "KY"]}, YES, ()),
        ({"processed_in": "KY"}, {"organisation.processed_in": ["GB"]}, NO, ()),
        ({"processed_in": "KY"}, {}, NOT_KNOWN, ("organisation.processed_in",)),
        ({"people_in": "GB"}, {"people.GB": 1}, YES, ()),
        ({"people_in": "GB"}, {"people.GB": 0}, NO, ()),
        ({"people_in": "GB"}, {"people.GB": None}, NOT_KNOWN, ("people.GB",)),
        ({"people_in": "GB"}, {"people.FR": 1}, NO, ()),
        ({"people_in": "GB"}, {}, NOT_KNOWN, ("people",)),
        ({"people_in": "US-TX"}, {"people.US": 5}, NOT_KNOWN, ("people.US-TX",)),
        ({"people_in": "GDPR"}, {"people.RE": 1}, YES, ()),
        ({"people": {"in": "US-TX", "at_least": 250}}, {"people.US-TX": 249}, NO, ()),
        ({"people": {"in": "US-TX", "at_least": 250}}, {"people.US-TX": 250}, YES, ()),
        ({"people": {"in": "US-TX", "more_than": 250}}, {"people.US-TX": 250}, NO, ()),
        ({"people": {"in": "US-TX", "more_than": 250}}, {"people.US-TX": 251}, YES, ()),
        ({"people": {"in": "US-TX", "at_least": 250}}, {"people.US": 249}, NO, ()),
        ({"people": {"in": "US-TX", "at_least": 250}}, {"people.US": 250}, NOT_KNOWN, ("people.US-TX",)),
        ({"people": {"fewer_than": 500}}, {"people.GB": 499}, YES, ()),
        ({"people": {"fewer_than": 500}}, {"people.GB": 499, "people.FR": 1}, NO, ()),
        ({"people": {"at_most": 500}}, {"people.GB": 500}, YES, ()),
        ({"people": {"at_most": 500}}, {"people.GB": 501, "people.FR": None}, NO, ()),
        ({"people": {"fewer_than": 500}}, {"people.GB": 1, "people.FR": None}, NOT_KNOWN, ("people.FR",)),
        ({"people": {"each_part_of": "US", "more_than": 500}}, {"people.US-TX": 501, "people.US-CA": 2}, YES, ()),
        ({"people": {"each_part_of": "US", "more_than": 500}}, {"people.US-TX": 400, "people.US-CA": 400}, NO, ()),
        ({"people": {"each_part_of": "US", "more_than": 500}}, {"people.US": 501}, NOT_KNOWN, ("people",)),
        ({"people": {"more_than": 0, "at_most": 9}}, {"people.GB": 10}, NO, ()),
        ({"data": ["social_security_number", "health"]}, {"data": ["health"]}, YES, ()),
        ({"data": "health"}, {"data": ["name"]}, NO, ()),
        ({"data": "health"}, {}, NOT_KNOWN, ("data",)),
        ({"data": "health", "data_with": "name"}, {"data": ["health"]}, NO, ()),
        ({"data": "health", "data_with": "name"}, {"data": ["health", "name"]}, YES, ()),
        ({"data_with": "name"}, {}, NOT_KNOWN, ("data",)),
        ({"kinds": "child"}, {"kinds": ["child"]}, YES, ()),
        ({"nature": "acquisition"}, {"nature": ["loss"]}, NO, ()),
        ({"medium": "electronic"}, {"medium": ["paper", "electronic"]}, YES, ()),
        ({"risk": "at_least_risk"}, {"risk": "risk"}, YES, ()),
        ({"risk": "at_least_risk"}, {"risk": "high"}, YES, ()),
        ({"risk": "at_least_risk"}, {"risk": "unlikely"}, NO, ()),
        ({"risk": "at_least_risk"}, {"risk": "unknown"}, NOT_KNOWN, ("risk",)),
        ({"risk": "high"}, {"risk": "risk"}, NO, ()),
        ({"risk": "high"}, {}, NOT_KNOWN, ("risk",)),
        ({"risk": "unlikely"}, {"risk": "unlikely"}, YES, ()),
        ({"protected": False}, {"protection.encrypted": False}, YES, ()),
        ({"protected": False}, {"protection.key_compromised": True}, YES, ()),
        ({"protected": False}, {"protection.encrypted": True}, NOT_KNOWN, ("protection.key_compromised",)),
        ({"protected": False}, {}, NOT_KNOWN, ("protection.encrypted", "protection.key_compromised")),
        ({"protected": False}, {"protection.encrypted": True, "protection.key_compromised": False}, NO, ()),
        ({"protected": True}, {"protection.encrypted": True, "protection.key_compromised": False}, YES, ()),
        ({"protected": True}, {"protection.encrypted": False}, NO, ()),
        ({"recovered": True}, {"protection.recovered": True}, YES, ()),
        ({"recovered": True}, {"protection.recovered": False}, NO, ()),
        ({"recovered": False}, {}, NOT_KNOWN, ("protection.recovered",)),
        ({"findings": {"adverse_effect": True}}, {"findings.adverse_effect": True}, YES, ()),
        ({"findings": {"adverse_effect": True}}, {"findings.adverse_effect": False}, NO, ()),
        ({"findings": {"adverse_effect": False}}, {"findings.adverse_effect": False}, YES, ()),
        (
            {"findings": {"adverse_effect": True}},
            {"findings.adverse_effect": None},
            NOT_KNOWN,
            ("findings.adverse_effect",),
        ),
        ({"regime": "law_enforcement"}, {"organisation.roles": ["competent_authority"]}, YES, ()),
        (
            {"regime": "law_enforcement"},
            {"organisation.roles": ["controller"], "purposes": ["law_enforcement"]},
            NO,
            (),
        ),
        (
            {"regime": "law_enforcement"},
            {"organisation.roles": ["competent_authority"], "purposes": ["general"]},
            NO,
            (),
        ),
        ({"regime": "law_enforcement"}, {}, NOT_KNOWN, ("organisation.roles",)),
        ({"regime": "intelligence"}, {"organisation.roles": ["intelligence_service"]}, YES, ()),
        ({"regime": "general"}, {"organisation.roles": ["controller"]}, YES, ()),
        ({"regime": "general"}, {"organisation.roles": ["competent_authority"]}, NOT_KNOWN, ("purposes",)),
        ({"regime": "general"}, {"organisation.roles": ["competent_authority"], "purposes": ["general"]}, YES, ()),
        (
            {"regime": "general"},
            {"organisation.roles": ["competent_authority"], "purposes": ["law_enforcement"]},
            NO,
            (),
        ),
        ({"any_of": [{"risk": "high"}, {"kinds": "child"}]}, {"risk": "high"}, YES, ()),
        ({"any_of": [{"risk": "high"}, {"kinds": "child"}]}, {"risk": "risk"}, NOT_KNOWN, ("kinds",)),
        ({"any_of": [{"risk": "high"}, {"kinds": "child"}]}, {"risk": "risk", "kinds": []}, NO, ()),
        ({"risk": "high", "kinds": "child"}, {"risk": "risk"}, NO, ()),
        ({"risk": "high", "kinds": "child"}, {"risk": "high"}, NOT_KNOWN, ("kinds",)),
        ({"risk": "high", "kinds": "child"}, {}, NOT_KNOWN, ("kinds", "risk")),
        ({}, {}, YES, ()),
    ],
)
def test_a_condition_is_true_false_or_names_the_fact_that_is_wanted(
    when: dict[str, Any], told: dict[str, Any], holds: bool | None, missing: tuple[str, ...]
) -> None:
    verdict = judge(When.model_validate(when), assemble(told), TODAY)
    assert (verdict.holds, verdict.missing) == (holds, missing), verdict.because
    assert bool(verdict.because) == bool(when)


def test_every_condition_that_can_be_written_is_judged() -> None:
    assert set(TESTS) == set(When.model_fields)


def test_alternatives_do_not_nest() -> None:
    with pytest.raises(ValueError, match="cannot stand inside"):
        When.model_validate({"any_of": [{"any_of": [{"risk": "high"}]}]})


def test_the_group_of_a_day_is_the_group_that_counts() -> None:
    when = When.model_validate({"established_in": "GDPR"})
    facts = assemble({"organisation.establishments": ["GB"]})
    assert judge(when, facts, date(2020, 12, 31)).holds is True
    assert judge(when, facts, date(2021, 1, 1)).holds is False


def test_roles_that_say_neither_controller_nor_processor_leave_both_open() -> None:
    """A hospital that only names itself a covered entity still owes what every state asks of whoever owns data."""
    hospital = assemble({"organisation.roles": ["hipaa_covered_entity"]})
    found = judge(When(role=("controller",)), hospital, TODAY)
    assert (found.holds, found.missing) == (None, ("organisation.roles",))
    vendor = assemble({"organisation.roles": ["hipaa_business_associate", "processor"]})
    assert judge(When(role=("controller",)), vendor, TODAY).holds is False
    assert judge(When(role=("hipaa_covered_entity",)), vendor, TODAY).holds is False
