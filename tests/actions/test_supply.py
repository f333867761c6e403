"""What a report lacks is named with what supplies it: a fact that can be recorded, a setting that exists, or an act."""

from actions.assess import assess
from actions.desk import Desk
from actions.known import STORY
from actions.names import law_facts_told
from actions.prepare_reports import prepare_reports
from actions.supply import SETTINGS, lacks
from db.models import Report
from notices.forms.every import FORMS
from notices.report import build
from settings.model import Settings
from tests.builders import an_incident


def test_each_missing_answer_of_every_form_names_what_supplies_it() -> None:
    known = {*STORY, *law_facts_told()}
    for key in FORMS:
        report = build(key, "follow_up", {"obligation.phase": "final"})
        told = list(lacks(report.content, "FW-2026-0001", "the law"))
        assert [one.key for one in told] == list(report.missing), "complete and exact"
        for one in told:
            assert one.how and all(one.how), f"{key}: {one.key}"
            assert set(one.facts) <= known, f"{key}: {one.key}"


def test_the_settings_that_it_names_exist() -> None:
    assert {name.removeprefix("FORTHWITH_").lower() for name in SETTINGS.values()} <= set(Settings.model_fields)


def test_what_only_the_form_asks_for_is_told_apart_from_what_the_law_wants(desk: Desk) -> None:
    incident = an_incident(desk, story__what_happened="A parcel was lost.")
    assess(desk, incident.id)
    prepare_reports(desk, incident.id)
    with desk.reading() as session:
        report = session.query(Report).one()
    told = {one.key: one for one in lacks(report.content, incident.reference, "DPA 2018 s.67")}
    assert told["how_it_occurred"].wanted_by == "DPA 2018 s.67: nature"
    assert told["training"].wanted_by == "the form alone"
    assert told["how_it_occurred"].how == (f"forthwith fact add {incident.reference} story.how=VALUE",)
