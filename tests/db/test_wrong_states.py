"""Each wrong state that the design forbids is refused by the database itself, whatever the code above it does."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from db.session import Database
from db.types import Table
from tests.db import switches
from tests.db.world import (
    ACCOUNT,
    DRILL,
    FLAGGED,
    IMPORT,
    INCIDENT,
    INTAKE,
    NOTICE,
    NOW,
    OTHER,
    PERSON,
    RECEIPT,
    an_id,
    fill,
    insert,
    valid,
)

NEW = an_id(99)
CANARY = {"canary_size": 1, "hold_until": NOW}
LEFT = {"sent": b"x", "sent_sha256": "ab" * 32, "handed_over_at": NOW}
SETTLED = {"settled_at": NOW, "settled_by": "x"}

REFUSED: dict[str, list[dict[str, Any]]] = {
    "ck_incidents_sealed_is_exercise": [{"sealed": True}],
    "ck_incidents_exercise_is_sealed": [{"exercise_id": an_id(1)}],
    "ck_incidents_law_as_of_only_in_exercise": [{"law_as_of": NOW.date()}],
    "ck_incidents_closed_by_someone": [{"closed_at": NOW}, {"closed_by": "x"}],
    "ck_hand_overs_taken_by_someone": [{"taken_by": "x"}],
    "ck_hand_overs_taken_after_given": [{"taken_at": NOW.replace(year=2025), "taken_by": "x"}],
    "ck_journal_has_a_hash": [{"hash": ""}],
    "ck_journal_counts_from_one": [{"number": 0}],
    "ck_decisions_has_reasons": [{"reasons": "  "}],
    "ck_decisions_has_decider": [{"decided_by": " "}],
    "ck_decisions_second_is_someone_else": [{"seconded_by": "manager@example.org"}],
    "ck_decisions_stands_only_seconded": [{"seconded_by": None, "seconded_at": None}],
    "ck_decisions_kind_demands_second": [{"needs_second": False}],
    "ck_decisions_seconded_when": [{"seconded_at": None}],
    "ck_decisions_reopened_why": [{"reopened_because": "a fact changed"}],
    "ck_decisions_reopened_says_when": [{"state": "reopened"}],
    **switches.REFUSED,
    "ck_acknowledgements_has_a_name": [{"by": " "}],
    "ck_approvals_not_by_its_author": [{"approved_by": "manager@example.org"}],
    "ck_approvals_binds_a_hash": [{"content_sha256": "short"}],
    "ck_people_flagged_because_of_something": [{"flagged": True, "flags": "[]"}],
    "ck_people_victims_are_flagged": [{"kind": "victim"}],
    "ck_people_guardian_is_someone_else": [{"id": NEW, "guardian_id": NEW}],
    "ck_waves_approved_first": [{"approval_id": None}],
    "ck_waves_launched_by_someone": [{"launched_by": None}, {"launched_at": None}],
    "ck_waves_whole_before_approval": [
        {"state": state, "content_sha256": ""} for state in ("draft", "approved", "launched")
    ],
    "ck_notice_sheets_number_fits": [{"number": -1}, {"number": 65536}],
    "ck_waves_has_a_shard": [{"shards": 0}],
    "ck_shards_leased": [{"lease_owner": "w"}, {"lease_until": NOW}],
    "ck_shards_is_one_of_them": [{"number": -1}, {"number": 1}],
    "ck_paces_counts_from_nought": [{"slow_downs": -1}],
    "ck_waves_canary_is_held": [{"canary_size": 1}, {"hold_until": NOW}],
    "ck_waves_canary_was_launched": [
        {"canary_size": 0, "hold_until": NOW},
        {"canary_size": 1, "hold_until": NOW, "state": "draft", "launched_at": None, "launched_by": None},
    ],
    "ck_waves_judged_has_a_canary": [{"judged": "kept"}, {"judged": "broken"}],
    "ck_waves_released_by_someone": [CANARY | {"released_by": "x"}, CANARY | {"released_at": NOW}],
    "ck_waves_released_after_a_canary": [{"released_by": "x", "released_at": NOW}],
    "ck_waves_released_in_spite_says_why": [
        CANARY | {"judged": "broken", "released_by": "x", "released_at": NOW, "released_because": " "}
    ],
    "ck_notices_canary_is_mail": [
        {"canary": True, "channel": channel, "state": "drafted"} for channel in ("letter", "phone", "in_person")
    ],
    "ck_notices_flagged_people_are_told_by_a_person": [
        {"flagged": True, "person_id": FLAGGED, "channel": channel, "state": state}
        for channel in ("email", "letter")
        for state in ("drafted", "queued", "sending")
    ],
    "ck_notices_told_means_spoken_to": [{"state": "told"}, {"state": "told", "channel": "letter"}],
    "ck_notices_the_accused_are_never_among_victims": [
        {"kind": "accused", "circle": "victims"},
        {"kind": "victim", "circle": "accused"},
        {"kind": "third_party", "circle": "victims"},
        {"kind": "guardian", "circle": "others"},
    ],
    "ck_left_out_rows_mended_by_another_list": [{"mended_by": IMPORT}],
    "ck_holds_says_why_it_is_proportionate": [{"proportionate": " "}],
    "ck_holds_oral_says_who_and_when": [{"oral": True, "asked_at": NOW, "asked_by": " "}, {"oral": True}],
    "ck_holds_reviewed_before_its_end": [{"ends_at": NOW.replace(year=2025)}],
    "ck_holds_ended_says_when_and_why": [
        {"state": state} | change
        for state in ("lifted", "renewed", "lapsed")
        for change in ({}, {"ended_at": NOW, "ended_because": " "})
    ],
    "ck_attempts_an_exercise_stays_inside": [{"sealed": True, "channel": "sendgrid"}],
    "ck_attempts_what_is_real_leaves": [{"sealed": False, "channel": "sealed-email"}],
    "ck_notices_spoken_to_is_not_sent": [
        {"channel": channel, "state": state}
        for channel in ("phone", "in_person")
        for state in ("sending", "unknown", "accepted", "delivered", "bounced")
    ],
    "ck_notices_has_a_hash": [{"content_sha256": ""}],
    "ck_attempts_ended_says_when": [{"state": "accepted"}, {"state": "unknown"}],
    "ck_obligations_open_means_it_applies": [{"answer": "unknown"}, {"answer": "does_not_apply"}],
    "ck_obligations_owed_has_terms": [{"born_at": None, "terms": None}],
    "ck_obligations_born_with_terms": [{"state": "watching", "born_at": None}],
    "ck_obligations_met_says_how_late": [{"state": "met"}, {"state": "met", "met_at": NOW}],
    "ck_obligations_late_carries_reasons": [{"state": "met", "met_at": NOW, "late": True, "late_reasons": " "}],
    "ck_obligations_waived_by_decision": [{"state": "waived"}],
    "ck_reports_approved_first": [{"approval_id": None}],
    "ck_reports_filed_with_proof": [{"receipt_id": None}, {"filed_at": None}, {"filed_by": None}, {"channel": ""}],
    "ck_reports_filed_says_how_late": [{"late": None}],
    "ck_reports_late_carries_reasons": [{"late": True}],
    "ck_reports_counts_from_one": [{"version": 0}],
    "ck_reports_withdrawal_has_reasons": [
        {"stage": "withdrawal", "follows_id": an_id(23), "reasons": " "},
        {"stage": "withdrawal", "follows_id": None, "reasons": "the discs were empty"},
    ],
    "ck_dispatches_typed_address_has_reasons": [{"source": "typed", "reasons": " "}],
    "ck_dispatches_bytes_are_kept_first": [
        {"state": "sending"},
        {"state": "sending", "sent": b"x", "sent_sha256": "ab" * 32},
        {"state": "unknown", "sent": b"x", "handed_over_at": NOW, "settled_at": NOW},
        {
            "state": "accepted",
            "sent_sha256": "ab" * 32,
            "handed_over_at": NOW,
            "settled_at": NOW,
            "receipt_id": RECEIPT,
        },
    ],
    "ck_dispatches_accepted_with_receipt": [LEFT | {"state": "accepted", "settled_at": NOW}],
    "ck_dispatches_settled_says_when": [{"state": "rejected"}, LEFT | {"state": "unknown"}],
    "ck_dispatches_handed_over_after_asked": [LEFT | {"state": "sending", "handed_over_at": NOW.replace(year=2025)}],
    "ck_receipts_about_a_notice": [{"about": "notice"}],
    "ck_receipts_about_a_report": [{"notice_id": NOTICE}],
    "ck_tasks_ended_by_someone": [{"state": "done"}, {"state": "done", "ended_at": NOW, "ended_by": "x"}],
    "ck_tasks_verified_by_someone": [{"verified_by": "x"}],
    "ck_tasks_verified_when_done": [{"verified_at": NOW, "verified_by": "x"}],
    "ck_tasks_contact_has_notice": [{"kind": "contact"}],
    "ck_accounts_name_is_lower_case": [{"name": "Manager"}, {"name": ""}, {"name": " manager"}],
    "ck_accounts_password_is_hashed": [{"password_hash": "correct horse"}, {"password_hash": ""}],
    "ck_accounts_second_factor_has_a_secret": [{"totp_confirmed_at": NOW}],
    "ck_web_sessions_token_is_hashed": [{"token_hash": b"token"}],
    "ck_absences_delegate_is_someone_else": [{"delegate": "a@example.org"}],
    "ck_absences_names_both": [{"name": " "}, {"delegate": ""}],
    "ck_absences_ends_after_it_begins": [{"until_at": NOW}],
    "ck_absences_ended_by_someone": [{"ended_at": NOW}, {"ended_by": "x"}],
    "ck_alerts_about_one_thing": [{"intake_id": INTAKE}, {"incident_id": None}],
    "ck_alerts_intakes_are_real": [{"intake_id": INTAKE, "incident_id": None, "sealed": True}],
    "ck_events_settled_once": [{"settled_at": NOW}, {"came_to": "noted"}],
    "ck_events_settled_keeps_no_words": [{"settled_at": NOW, "came_to": "noted", "said": b"x"}],
    "ck_events_moving_says_which_wave": [{"settled_at": NOW, "came_to": "moved"}],
    "ck_events_same_is_hashed": [{"same_key": b"x"}],
    "ck_events_own_is_hashed": [{"own_key": b"x"}],
    "ck_events_recipient_is_hashed": [{"recipient": b"someone@example.org"}],
    "ck_intakes_noticed_before_it_was_said": [{"noticed_at": NOW.replace(year=2027)}],
    "ck_intakes_follow_code_is_hashed": [{"follow_hash": b"code"}],
    "ck_intakes_teller_is_named_once": [{"teller_id": ACCOUNT, "teller": b"x"}],
    "ck_intakes_settled_by_someone": [{"settled_by": "x"}],
    "ck_intakes_settled_says_when": [{"state": "joined", "incident_id": INCIDENT}],
    "ck_intakes_new_is_not_settled": [SETTLED],
    "ck_intakes_settled_after_it_was_said": [
        {"state": "dismissed", "reasons": "x", "settled_at": NOW.replace(year=2025), "settled_by": "x"}
    ],
    "ck_intakes_taken_up_names_its_incident": [SETTLED | {"state": "promoted"}, SETTLED | {"state": "joined"}],
    "ck_intakes_its_incident_only_when_taken_up": [
        {"incident_id": INCIDENT},
        SETTLED | {"state": "dismissed", "reasons": "x", "incident_id": INCIDENT},
    ],
    "ck_intakes_dismissed_has_reasons": [SETTLED | {"state": "dismissed", "reasons": " "}],
}

MISPLACED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("two_incidents_of_one_reference", "incidents", {"id": NEW}),
    ("one_hop_handed_over_twice", "hand_overs", {"id": NEW}),
    ("two_entries_of_one_number", "journal", {}),
    ("a_person_imported_twice", "people", {"id": NEW, "number": 9}),
    ("a_guardian_from_another_incident", "people", {"id": NEW, "number": 9, "row_key": b"9", "incident_id": OTHER, "guardian_id": PERSON}),
    ("a_second_live_notice_to_one_person", "notices", {"nid": NEW}),
    ("a_notice_to_a_person_of_another_incident", "notices", {"nid": NEW, "incident_id": OTHER, "purpose": "x"}),
    ("a_notice_that_forgets_that_its_person_is_flagged", "notices", {"nid": NEW, "person_id": FLAGGED}),
    ("a_notice_that_misnames_what_its_person_is", "notices", {"nid": NEW, "purpose": "x", "kind": "employee"}),
    ("a_notice_in_a_wave_of_another_circle", "notices", {"nid": NEW, "purpose": "x", "kind": "accused", "circle": "accused"}),
    ("a_contact_point_of_someone_elses_incident", "contact_points", {"digest": b"y", "incident_id": OTHER}),
    ("a_sealed_attempt_at_a_real_notice", "attempts", {"id": NEW, "number": 2, "sealed": True, "channel": "sealed-email"}),
    ("a_real_notice_in_an_exercise", "notices", {"nid": NEW, "incident_id": DRILL, "purpose": "x"}),
    ("a_sealed_notice_in_a_real_incident", "notices", {"nid": NEW, "sealed": True, "purpose": "x"}),
    ("a_real_wave_in_an_exercise", "waves", {"id": NEW, "incident_id": DRILL}),
    ("a_sealed_wave_in_a_real_incident", "waves", {"id": NEW, "number": 9, "sealed": True}),
    ("a_sheet_of_no_wave", "notice_sheets", {"wave_id": NEW}),
    ("a_shard_of_fewer_than_the_others", "shards", {"number": 1, "of": 2}),
    ("a_real_alert_in_an_exercise", "alerts", {"id": NEW, "incident_id": DRILL, "recipient": "y"}),
    ("two_attempts_in_flight", "attempts", {"id": NEW, "number": 2}),
    ("two_rows_for_one_duty_and_authority", "obligations", {"id": NEW}),
    ("one_piece_of_work_opened_twice", "tasks", {"id": NEW, "number": 2}),
    ("a_report_that_may_have_arrived_sent_once_more", "dispatches", {"id": NEW}),
    ("a_sealed_report_sent_for_a_real_incident", "dispatches", {"id": NEW, "report_id": NEW, "sealed": True}),
    ("one_rung_told_twice_to_one_recipient", "alerts", {"id": NEW}),
    ("one_wish_for_a_run_written_twice", "triggers", {"id": NEW}),
    ("an_approval_of_the_same_text_twice", "approvals", {"id": NEW}),
    ("one_event_kept_twice", "events", {"id": NEW}),
    ("an_event_about_a_wave_that_is_not", "events", {"id": NEW, "same_key": b"o" * 32, "wave_id": NEW}),
    ("two_accounts_of_one_name", "accounts", {"id": NEW}),
    ("two_sessions_of_one_token", "web_sessions", {"id": NEW}),
    ("a_member_added_twice", "members", {}),
    ("two_intakes_of_one_reference", "intakes", {"id": NEW, "sent_key": b"y"}),
    ("one_intake_sent_twice", "intakes", {"id": NEW, "reference": "IN-2026-0002"}),
    ("an_intake_joined_to_nothing", "intakes", {"id": NEW, "reference": "IN-2026-0002", "sent_key": b"y", **SETTLED, "state": "joined", "incident_id": NEW}),
    ("a_member_who_has_no_account", "members", {"account_id": NEW}),
)  # fmt: skip


KNOWN = "_known"


@pytest.fixture
def world(database_url: str) -> Iterator[sa.Connection]:
    """A connection to a database with one valid row in every table, in a transaction that is never kept."""
    database = Database(database_url)
    with database.engine.connect() as connection:
        fill(connection)
        yield connection
        connection.rollback()
    database.close()


def checks() -> Iterator[tuple[str, str]]:
    """Table and name of every CHECK."""
    for table in Table.metadata.tables.values():
        for one in table.constraints:
            if isinstance(one, sa.CheckConstraint):
                yield table.name, str(one.name)


def answer(world: sa.Connection, table: str, row: dict[str, Any]) -> str:
    """What the database says to one more row; nothing when it takes it."""
    try:
        with world.begin_nested() as attempt:
            insert(world, table, row)
            attempt.rollback()
    except sa.exc.IntegrityError as refused:
        return str(refused.orig)
    return ""


def test_every_check_of_the_schema_is_tried_here() -> None:
    assert {name for _, name in checks() if not name.endswith(KNOWN)} == set(REFUSED)


def test_every_table_has_a_valid_row_here(world: sa.Connection) -> None:
    for table in Table.metadata.tables.values():
        assert world.scalar(sa.select(sa.func.count()).select_from(table)), table.name


def test_each_wrong_state_is_refused_by_the_constraint_that_is_meant_to(world: sa.Connection) -> None:
    taken = []
    for table, name in checks():
        for changes in REFUSED.get(name, []):
            said = answer(world, table, valid(table, **changes))
            if name not in said:
                taken.append((name, changes, said))
    assert taken == []


def test_each_column_of_codes_refuses_an_unknown_code(world: sa.Connection) -> None:
    taken = []
    for table, name in checks():
        if name.endswith(KNOWN):
            column = name.removeprefix(f"ck_{table}_").removesuffix(KNOWN)
            if "CHECK" not in answer(world, table, valid(table, **{column: "nonsense"})).upper():
                taken.append(name)
    assert taken == []


def test_what_does_not_belong_together_is_refused(world: sa.Connection) -> None:
    said = {name: answer(world, table, valid(table, **changes)).upper() for name, table, changes in MISPLACED}
    assert {name: one for name, one in said.items() if not ("UNIQUE" in one or "FOREIGN KEY" in one)} == {}


def test_flagging_someone_whose_e_mail_is_queued_is_refused_until_the_e_mail_is_held(world: sa.Connection) -> None:
    people, notices = Table.metadata.tables["people"], Table.metadata.tables["notices"]
    flag = sa.update(people).where(people.c.id == PERSON).values(flagged=True, flags='["file_says_so"]')
    with pytest.raises(sa.exc.IntegrityError, match="told_by_a_person"), world.begin_nested():
        world.execute(flag)
    world.execute(sa.update(notices).where(notices.c.nid == NOTICE).values(state="held"))
    world.execute(flag)
    assert world.scalar(sa.select(notices.c.flagged).where(notices.c.nid == NOTICE)) is True
