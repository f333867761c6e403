"""One valid row of every table, in the order in which they can be inserted; a test changes one thing and sees it refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from db.types import Table

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
SHA = "ab" * 32
Row = dict[str, Any]


def an_id(number: int) -> UUID:
    """Ids that read well in a failure."""
    return UUID(int=number)


EXERCISE, INCIDENT, DRILL, OTHER = an_id(1), an_id(2), an_id(3), an_id(4)
DECISION, APPROVAL, IMPORT, PERSON, FLAGGED = an_id(5), an_id(6), an_id(7), an_id(8), an_id(9)
WAVE, NOTICE, ATTEMPT, OBLIGATION, TASK, RUNG, RECEIPT = (an_id(number) for number in range(10, 17))

_INCIDENT: Row = {
    "title": "Lost discs",
    "sealed": False,
    "exercise_id": None,
    "law_as_of": None,
    "time_zone": "Europe/London",
    "declared_at": NOW,
    "declared_by": "manager@example.org",
    "owner": "",
    "deputy": "",
    "executive": "",
    "data_protection_officer": "",
    "restricted": False,
    "on_hold": False,
    "closed_at": None,
    "closed_by": None,
}
_PERSON: Row = {
    "incident_id": INCIDENT,
    "import_id": IMPORT,
    "kind": "customer",
    "language": "en",
    "flagged": False,
    "flags": "[]",
    "deceased": False,
    "details": b"sealed",
    "guardian_id": None,
    "guardian_verified": False,
    "imported_at": NOW,
}
_OBLIGATION: Row = {
    "id": OBLIGATION,
    "incident_id": INCIDENT,
    "law": "uk-gdpr",
    "duty": "uk-gdpr-33-1",
    "authority": "uk/ico",
    "recipient": "authority",
    "phase": "initial",
    "answer": "applies",
    "because": "the risk is high",
    "facts_used": {},
    "missing_facts": [],
    "state": "open",
    "born_at": NOW,
    "terms": {"within": "72 hours"},
    "rulebook_version": "1",
    "rulebook_hash": SHA,
    "target_why": "",
    "due_at": NOW + timedelta(hours=72),
    "due_kind": "instant",
    "time_zone": "Europe/London",
    "citation": "UK GDPR Art 33(1)",
    "href": "https://www.legislation.gov.uk/eur/2016/679/article/33",
    "mark": "verified",
    "contents": [],
    "late_reasons": "",
    "late": None,
    "met_at": None,
    "waiver_id": None,
}

ROWS: tuple[tuple[str, Row], ...] = (
    (
        "exercises",
        {
            "id": EXERCISE,
            "name": "drill",
            "law_as_of": date(2026, 11, 21),
            "sim_at": NOW,
            "real_at": NOW,
            "speed": 0.0,
            "folder": "drill",
        },
    ),
    ("incidents", {"id": OTHER, "reference": "FW-2026-0002", **_INCIDENT}),
    (
        "incidents",
        {"id": DRILL, "reference": "EX-2026-0001", **_INCIDENT, "sealed": True, "exercise_id": EXERCISE},
    ),
    ("incidents", {"id": INCIDENT, "reference": "FW-2026-0001", **_INCIDENT}),
    ("incident_keys", {"incident_id": INCIDENT, "wrapped": b"key", "master_key_id": "k", "made_at": NOW}),
    (
        "hand_overs",
        {
            "id": an_id(20),
            "incident_id": INCIDENT,
            "hop": "manager_to_dpo",
            "given_at": NOW,
            "target_at": NOW,
            "to": "",
            "taken_at": None,
            "taken_by": None,
        },
    ),
    ("heartbeats", {"name": "check_deadlines", "beat_at": NOW, "detail": {}}),
    ("journal_heads", {"chain": "c", "number": 1, "hash": SHA}),
    ("journal", {"chain": "c", "number": 1, "body": "{}", "hash": SHA}),
    (
        "decisions",
        {
            "id": DECISION,
            "incident_id": INCIDENT,
            "number": 1,
            "kind": "waiver",
            "about": "uk-gdpr-33-1",
            "choice": "not_required",
            "reasons": "No risk to anyone.",
            "decided_by": "manager@example.org",
            "decided_at": NOW,
            "needs_second": True,
            "state": "stands",
            "seconded_by": "officer@example.org",
            "seconded_at": NOW,
            "rests_on": {},
            "reopened_at": None,
            "reopened_because": None,
        },
    ),
    (
        "facts",
        {
            "id": an_id(21),
            "incident_id": INCIDENT,
            "number": 1,
            "name": "risk",
            "value": "high",
            "known_at": NOW,
            "source": "x",
            "recorded_by": "x",
            "recorded_at": NOW,
        },
    ),
    (
        "approvals",
        {
            "id": APPROVAL,
            "incident_id": INCIDENT,
            "subject": "wave",
            "subject_id": WAVE,
            "content_sha256": SHA,
            "author": "manager@example.org",
            "approved_by": "officer@example.org",
            "approved_at": NOW,
        },
    ),
    (
        "imports",
        {
            "id": IMPORT,
            "incident_id": INCIDENT,
            "file_sha256": SHA,
            "rows": 2,
            "imported_at": NOW,
            "imported_by": "x",
        },
    ),
    (
        "people",
        {
            **_PERSON,
            "id": FLAGGED,
            "number": 2,
            "row": 2,
            "row_key": b"2",
            "row_hash": b"2",
            "flagged": True,
            "flags": '["child"]',
        },
    ),
    ("people", {**_PERSON, "id": PERSON, "number": 1, "row": 1, "row_key": b"1", "row_hash": b"1"}),
    ("contact_points", {"person_id": PERSON, "digest": b"x", "kind": "email", "incident_id": INCIDENT}),
    (
        "waves",
        {
            "id": WAVE,
            "incident_id": INCIDENT,
            "sealed": False,
            "number": 1,
            "name": "Customers",
            "template": "breach-notice",
            "circle": "others",
            "template_sha256": SHA,
            "words_sha256": SHA,
            "contents": [],
            "why": "",
            "audience": ["customer"],
            "facts_as_of": NOW,
            "drafted_at": NOW,
            "drafted_by": "x",
            "content_sha256": SHA,
            "state": "launched",
            "approval_id": APPROVAL,
            "launched_at": NOW,
            "launched_by": "x",
            "fence": 0,
            "lease_owner": None,
            "lease_until": None,
        },
    ),
    (
        "notices",
        {
            "nid": NOTICE,
            "incident_id": INCIDENT,
            "sealed": False,
            "wave_id": WAVE,
            "person_id": PERSON,
            "flagged": False,
            "purpose": "first",
            "channel": "email",
            "state": "queued",
            "kind": "customer",
            "circle": "others",
            "rung": 1,
            "told_to": "person",
            "way_because": "",
            "ended_because": "",
            "content": b"sealed",
            "content_sha256": SHA,
        },
    ),
    (
        "attempts",
        {
            "id": ATTEMPT,
            "notice_id": NOTICE,
            "sealed": False,
            "number": 1,
            "channel": "email",
            "worker": "w",
            "fence": 1,
            "state": "sending",
            "started_at": NOW,
            "ended_at": None,
            "detail": {},
            "possible_second_copy": False,
        },
    ),
    ("obligations", _OBLIGATION),
    (
        "tasks",
        {
            "id": TASK,
            "incident_id": INCIDENT,
            "number": 1,
            "kind": "containment",
            "key": "contain",
            "title": "Find the discs",
            "why": "",
            "details": {},
            "assignee": "",
            "opened_at": NOW,
            "notice_id": None,
            "state": "open",
            "outcome": "",
            "ended_at": None,
            "ended_by": None,
            "verified_at": None,
            "verified_by": None,
        },
    ),
    (
        "rungs",
        {
            "id": RUNG,
            "incident_id": INCIDENT,
            "subject": "obligation",
            "subject_id": OBLIGATION,
            "rung": "50 %",
            "level": 1,
            "fires_at": NOW,
            "outcome": "",
        },
    ),
    (
        "alerts",
        {
            "id": an_id(22),
            "incident_id": INCIDENT,
            "sealed": False,
            "rung_id": RUNG,
            "kind": "rung",
            "recipient": "x",
            "subject": "s",
            "text": "t",
            "state": "queued",
            "queued_at": NOW,
            "detail": "",
        },
    ),
    (
        "receipts",
        {
            "id": RECEIPT,
            "incident_id": INCIDENT,
            "about": "report",
            "notice_id": None,
            "kind": "portal",
            "reference": "",
            "name": "",
            "sha256": "",
            "at": NOW,
            "recorded_by": "x",
        },
    ),
    (
        "reports",
        {
            "id": an_id(23),
            "incident_id": INCIDENT,
            "obligation_id": OBLIGATION,
            "number": 1,
            "form": "ico",
            "stage": "initial",
            "state": "filed",
            "content": {},
            "missing": [],
            "content_sha256": SHA,
            "pdf": b"%PDF",
            "facts_as_of": NOW,
            "drafted_at": NOW,
            "drafted_by": "x",
            "approval_id": APPROVAL,
            "filed_at": NOW,
            "filed_by": "x",
            "channel": "portal",
            "authority_reference": "",
            "receipt_id": RECEIPT,
            "late": False,
            "late_reasons": "",
        },
    ),
    (
        "triggers",
        {
            "id": an_id(24),
            "flow": "respond",
            "incident_id": INCIDENT,
            "key": "k",
            "because": "x",
            "requested_at": NOW,
            "attempts": 0,
        },
    ),
)


def valid(table: str, **changes: Any) -> Row:
    """The last valid row of that table, with changes."""
    return dict([row for name, row in ROWS if name == table][-1], **changes)


def insert(connection: sa.Connection, table: str, row: Row) -> None:
    """Put one row in."""
    connection.execute(sa.insert(Table.metadata.tables[table]).values(**row))


def fill(connection: sa.Connection) -> None:
    """Put every valid row in."""
    for table, row in ROWS:
        insert(connection, table, row)
