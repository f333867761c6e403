"""One valid row of every table, in the order in which they can be inserted; a test changes one thing and sees it refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from db.types import Instant, Table

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
SHA = "ab" * 32
Row = dict[str, Any]


def an_id(number: int) -> UUID:
    """Ids that read well in a failure."""
    return UUID(int=number)


EXERCISE, INCIDENT, DRILL, OTHER = an_id(1), an_id(2), an_id(3), an_id(4)
DECISION, APPROVAL, IMPORT, PERSON, FLAGGED = an_id(5), an_id(6), an_id(7), an_id(8), an_id(9)
WAVE, NOTICE, ATTEMPT, OBLIGATION, TASK, RUNG, RECEIPT = (an_id(number) for number in range(10, 17))
ACCOUNT, INTAKE, HOLD = an_id(17), an_id(18), an_id(19)
MENDING = an_id(99)
HASHES = {"hash", "content_sha256"}

# What a row does not say is filled in by its column's type, so that a new column does not break every test here.
ROWS: tuple[tuple[str, Row], ...] = (
    ("exercises", {"id": EXERCISE, "law_as_of": date(2026, 11, 21)}),
    ("incidents", {"id": OTHER, "reference": "FW-2026-0002"}),
    ("incidents", {"id": DRILL, "reference": "EX-2026-0001", "sealed": True, "exercise_id": EXERCISE}),
    ("incidents", {"id": INCIDENT, "reference": "FW-2026-0001"}),
    ("incident_keys", {"incident_id": INCIDENT}),
    ("hand_overs", {"id": an_id(20), "hop": "manager_to_dpo"}),
    ("heartbeats", {"name": "check_deadlines"}),
    ("journal_heads", {"chain": "c"}),
    ("journal", {"chain": "c"}),
    (
        "decisions",
        {"id": DECISION, "kind": "waiver", "decided_by": "manager@example.org", "needs_second": True, "state": "stands"}
        | {"seconded_by": "officer@example.org", "seconded_at": NOW},
    ),
    ("facts", {"id": an_id(21), "name": "risk", "value": "high"}),
    (
        "approvals",
        {"id": APPROVAL, "subject": "wave", "subject_id": WAVE}
        | {"author": "manager@example.org", "approved_by": "officer@example.org"},
    ),
    ("imports", {"id": IMPORT}),
    (
        "people",
        {"id": FLAGGED, "import_id": IMPORT, "number": 2, "row_key": b"2", "kind": "customer"}
        | {"flagged": True, "flags": '["child"]'},
    ),
    (
        "people",
        {"id": PERSON, "import_id": IMPORT, "number": 1, "row_key": b"1", "kind": "customer", "flags": "[]"},
    ),
    ("imports", {"id": MENDING}),
    ("left_out_rows", {"import_id": IMPORT, "row": 7, "mended_by": MENDING}),
    ("contact_points", {"person_id": PERSON, "digest": b"x", "kind": "email"}),
    ("holds", {"id": HOLD, "extent": "people", "state": "proposed", "decision_id": DECISION}),
    ("held_kinds", {"hold_id": HOLD, "kind": "customer"}),
    ("held_people", {"hold_id": HOLD, "person_id": PERSON}),
    (
        "waves",
        {"id": WAVE, "circle": "others", "state": "launched", "approval_id": APPROVAL}
        | {"launched_at": NOW, "launched_by": "manager@example.org", "judged": ""},
    ),
    ("notice_sheets", {"wave_id": WAVE}),
    ("shards", {"wave_id": WAVE, "number": 0, "of": 1}),
    ("paces", {"channel": "email"}),
    (
        "notices",
        {"nid": NOTICE, "wave_id": WAVE, "person_id": PERSON, "kind": "customer", "circle": "others"}
        | {"purpose": "first", "channel": "email", "told_to": "person", "state": "queued"},
    ),
    ("attempts", {"id": ATTEMPT, "notice_id": NOTICE, "channel": "email", "state": "sending"}),
    (
        "obligations",
        {"id": OBLIGATION, "duty": "uk-gdpr-33-1", "authority": "uk/ico", "answer": "applies", "state": "open"}
        | {"born_at": NOW, "terms": {"within": "72 hours"}, "due_at": NOW + timedelta(hours=72)},
    ),
    ("tasks", {"id": TASK, "kind": "containment", "key": "contain", "state": "open", "outcome": ""}),
    ("rungs", {"id": RUNG, "subject": "obligation", "subject_id": OBLIGATION}),
    (
        "switches",
        {"obligation_id": OBLIGATION, "state": "armed", "policy": "p", "due_at": NOW + timedelta(hours=72)},
    ),
    ("acknowledgements", {"rung_id": RUNG, "by": "manager@example.org"}),
    ("alerts", {"id": an_id(22), "rung_id": RUNG, "recipient": "manager@example.org", "state": "queued"}),
    ("receipts", {"id": RECEIPT, "about": "report"}),
    (
        "reports",
        {"id": an_id(23), "obligation_id": OBLIGATION, "stage": "initial", "state": "filed", "approval_id": APPROVAL}
        | {"filed_at": NOW, "filed_by": "manager@example.org", "channel": "portal", "receipt_id": RECEIPT}
        | {"late": False, "late_reasons": ""},
    ),
    (
        "dispatches",
        {"id": an_id(27), "report_id": an_id(23), "approval_id": APPROVAL, "way": "email", "source": "rulebook"}
        | {"state": "queued"},
    ),
    ("triggers", {"id": an_id(24), "key": "k"}),
    ("events", {"id": an_id(27), "same_key": b"s" * 32, "kind": "bounced", "nid": NOTICE}),
    ("accounts", {"id": ACCOUNT, "name": "manager@example.org", "password_hash": "$argon2id$x"}),
    (
        "absences",
        {"id": an_id(40), "name": "a@example.org", "delegate": "b@example.org", "until_at": NOW + timedelta(days=1)},
    ),
    ("account_roles", {"account_id": ACCOUNT, "role": "manager"}),
    ("web_sessions", {"id": an_id(25), "account_id": ACCOUNT, "token_hash": b"t" * 32}),
    ("sign_in_tries", {"id": an_id(26)}),
    ("members", {"account_id": ACCOUNT}),
    (
        "intakes",
        {"id": INTAKE, "reference": "IN-2026-0001", "state": "new", "incident_id": None}
        | {"follow_hash": b"f" * 32, "reasons": ""},
    ),
)


def valid(table: str, **changes: Any) -> Row:
    """The last valid row of that table, whole, with changes."""
    return _whole(table, [row for name, row in ROWS if name == table][-1]) | changes


def insert(connection: sa.Connection, table: str, row: Row) -> None:
    """Put one row in."""
    connection.execute(sa.insert(Table.metadata.tables[table]).values(**row))


def fill(connection: sa.Connection) -> None:
    """Put every valid row in."""
    for table, row in ROWS:
        insert(connection, table, _whole(table, row))


def _whole(table: str, row: Row) -> Row:
    return {column.name: _any(column) for column in Table.metadata.tables[table].columns} | row


def _any(column: sa.Column[Any]) -> Any:
    """Something that the column takes: nothing where nothing will do."""
    if column.name == "incident_id":
        return INCIDENT
    if column.nullable:
        return None
    if column.name in HASHES:
        return SHA
    kinds = (
        (Instant, NOW),
        (sa.Date, NOW.date()),
        (sa.Boolean, False),
        (sa.Integer, 1),
        (sa.Float, 0.0),
        (sa.LargeBinary, b"x"),
        (sa.JSON, {}),
    )
    return next((value for kind, value in kinds if isinstance(column.type, kind)), "x")
