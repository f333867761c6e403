"""Facts: what is refused, where it says so, and what is read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.facts import BadFacts, Facts, assemble, read

FILE = """\
organisation: {roles: [controller, competent_authority], sectors: [], establishments: [GB], time_zone: Europe/London}
events: {occurred_from: 2016-11-18T16:00+00:00, detected: 2016-12-01T10:00+00:00, aware: 2016-12-01T10:00+00:00}
data: [criminal_offence, sexual_life, video, name]
protection: {encrypted: false, key_compromised: null, recovered: null}
people: {GB: 15}
kinds: [victim, child]
risk: high
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "facts.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_facts_file_is_read_whole(file: Path) -> None:
    facts = read(file)
    assert facts.organisation.roles == ("controller", "competent_authority")
    assert facts.events["aware"] == datetime(2016, 12, 1, 10, 0, tzinfo=UTC)
    assert facts.people == {"GB": 15}
    assert facts.protection.recovered is None
    assert facts.instants() == {f"events.{name}": at for name, at in facts.events.items()}


@pytest.mark.parametrize(
    ("written", "instead", "place", "says"),
    [
        ("kinds:", "kindz:", "line 6, kindz", "Did you mean 'kinds'?"),
        ("roles:", "role:", "line 1, organisation.role", "Did you mean 'roles'?"),
        ("risk: high", "risk: hihg", "line 7, risk", "Did you mean 'high'?"),
        ("video", "vidoe", "line 3, data.2", "Did you mean 'video'?"),
        ("aware: 2016-12-01T10:00+00:00", "aware: 2016-12-01T10:00", "line 2, events.aware", "no offset"),
        ("aware: 2016-12-01T10:00+00:00", "aware: 2016-12-01", "line 2, events.aware", "no offset"),
        ("aware: 2016-12-01T10:00+00:00", "aware: yesterday", "line 2, events.aware", "not a time"),
        ("aware: 2016-12-01T10:00+00:00", "aware: 1480586400", "line 2, events.aware", "not a time"),
        ("aware: 2016-12-01T10:00+00:00", "aware: 20160-12-01T10:00+00:00", "line 2, events.aware", "not a time"),
        ("aware: 2016-12-01T10:00+00:00", "aware: 0216-12-01T10:00+00:00", "line 2, events.aware", "year"),
        ("aware: 2016-12-01T10:00", "aware: 2016-12-01T09:59", "line 2, events.aware", "aware is before detected"),
        ("occurred_from: 2016-11-18", "occurred_from: 2016-12-18", "line 2, events.detected", "before occurred_from"),
        ("detected:", "aware:", "line 2", "written twice"),
        ("GB: 15", "GB: -1", "line 5, people.GB", "too small"),
        ("GB: 15", "GB: 1.5", "line 5, people.GB", "whole number"),
        ("GB: 15", "GB: true", "line 5, people.GB", "whole number"),
        ("GB: 15", "UK: 15", "line 5, people.UK", "The United Kingdom is GB"),
        ("GB: 15", "US-TZ: 15", "line 5, people.US-TZ", "not a subdivision"),
        ("GB: 15", "GB: 1, GB-SCT: 3", "line 5, people.GB", "fewer than the 3"),
        ("GB: 15", "PR: 1, US-PR: 2", "line 5, people", "same place"),
        ("GB: 15}", "GB: 15", "line 6", "not YAML"),
        ("[GB]", "[EU]", "line 1, organisation.establishments.0", "not an ISO 3166"),
        ("[GB]", "[GB], main_establishment: FR", "line 1, organisation.main_establishment", "not among"),
        ("Europe/London", "Europe/Lodnon", "line 1, organisation.time_zone", "Did you mean 'Europe/London'?"),
        (
            "encrypted: false, key_compromised: null",
            "encrypted: false, key_compromised: true",
            "line 4",
            "cannot be compromised",
        ),
        ("encrypted: false", "encrypted: perhaps", "line 4, protection.encrypted", "true, false or null"),
        (
            "risk: high",
            "filings: {uk-p3-67-1: 2016-11-30T10:00+00:00}",
            "line 7, filings.uk-p3-67-1",
            "before the breach",
        ),
    ],
)
def test_what_cannot_stand_is_refused_in_one_sentence_with_its_place(
    file: Path, written: str, instead: str, place: str, says: str
) -> None:
    assert written in FILE
    file.write_text(FILE.replace(written, instead, 1), encoding="utf-8")
    with pytest.raises(BadFacts) as refusal:
        read(file)
    assert str(refusal.value).startswith(f"{file}, {place}")
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "says"), [("- one\n", "not a facts file"), ("", "not a facts file"), ("a: [", "not YAML")]
)
def test_a_file_that_holds_no_facts_is_refused(file: Path, text: str, says: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFacts, match=says):
        read(file)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFacts, match="cannot be read"):
        read(tmp_path / "missing.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFacts, match="UTF-8"):
        read(tmp_path / "bytes.yaml")


def test_facts_kept_by_dotted_names_come_together() -> None:
    facts = assemble(
        {
            "events.aware": "2016-12-01T10:00+00:00",
            "people.GB": 15,
            "risk": "high",
            "filings.eu-gdpr-33-1@eu/fr": "2016-12-02T10:00+00:00",
            "severity.dpc.sensitive": 4,
            "severity.ei": "maximum",
        }
    )
    assert facts.people == {"GB": 15}
    assert "filings.eu-gdpr-33-1@eu/fr" in facts.instants()
    assert facts.severity is not None and facts.severity.dpc == {"sensitive": 4}


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"people.GBX": 1}, "people.GBX"),
        ({"peple.GB": 1}, "peple"),
        ({"risk": "high", "risk.why": "x"}, "risk.why"),
        ({"risk.why": "x", "risk": "high"}, "risk"),
        ({"severity.dpc.sensitive": 9, "severity.ei": "maximum"}, "severity.dpc.sensitive"),
    ],
)
def test_a_dotted_fact_that_cannot_stand_is_named(told: dict[str, object], place: str) -> None:
    with pytest.raises(BadFacts) as refusal:
        assemble(told)
    assert refusal.value.place == place


def test_no_facts_at_all_are_facts() -> None:
    assert assemble({}).risk is None


def test_null_means_not_known_wherever_it_stands() -> None:
    assert assemble(dict.fromkeys(Facts.model_fields)) == assemble({})


@given(st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_a_time_without_an_offset_is_never_taken_for_anything(at: datetime) -> None:
    for told in (at, at.isoformat()):
        with pytest.raises(BadFacts, match="offset"):
            assemble({"events.aware": told})


@given(st.dictionaries(st.sampled_from(["risk", "data", "people", "events", "organisation", "filings"]), st.text()))
def test_nonsense_is_refused_in_words_and_never_breaks(told: dict[str, object]) -> None:
    try:
        assemble(told)
    except BadFacts as refusal:
        assert refusal.place
