"""Exports the evidence of one incident as a folder that can be verified without this software."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions import journal, pack_verifier
from actions.desk import Act, Desk
from actions.errors import Conflict
from db.models import (
    Approval,
    Decision,
    Fact,
    HandOver,
    JournalEntry,
    JournalHead,
    Obligation,
    Receipt,
    Report,
    Task,
    Wave,
)
from db.models.notice import Attempt, Notice
from db.types import Table
from settings import __version__

LEFT_OUT = ("content", "pdf", "proof", "note", "text")
"""Columns with people's data or bulk: those go into files of their own, or stay out."""

README = """Evidence of {reference}, exported on {at} by {actor}.

manifest.json   every file with its SHA-256, and the head of the journal
journal.jsonl   who did what when: one entry a line, each bound to the one before it
*.json          facts, obligations, decisions, approvals, tasks, reports, waves, notices, attempts, receipts
reports/        each report as rendered
verify.py       checks all of it: python3 verify.py

The people affected are not named here: names, addresses and the texts sent to them stay encrypted in the database;
their notices appear with the hash of the exact bytes.
"""


@dataclass(frozen=True)
class Packed:
    """Where the pack lies and what its manifest's hash is."""

    folder: Path
    files: int
    manifest_sha256: str


def pack(desk: Desk, incident: UUID | str, folder: Path) -> Packed:
    """Write the pack into a new folder. Raises Conflict when the folder holds something already."""
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} is not empty; name a new folder for the evidence.")
    with desk.act("pack", incident, closed_too=True) as act:
        act.journal(act.incident.reference, exported_to=folder.name)
        files = _contents(act)
        head = act.session.get_one(JournalHead, str(act.incident.id))
        about = {
            "incident": act.incident.reference,
            "sealed": act.incident.sealed,
            "at": act.now.isoformat(),
            "version": __version__,
        }
        chain = {"chain": head.chain, "entries": head.number, "head": head.hash}
    manifest = {
        **about,
        **chain,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
    }
    data = (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode()
    for name, content in {**files, "manifest.json": data}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return Packed(folder, len(files), hashlib.sha256(data).hexdigest())


def _contents(act: Act) -> dict[str, bytes]:
    tables: tuple[type[Table], ...] = (
        Fact,
        Obligation,
        Decision,
        Approval,
        Task,
        HandOver,
        Report,
        Wave,
        Notice,
        Receipt,
    )
    files = {f"{table.__tablename__}.json": _rows(act, table) for table in tables}
    mine = sa.select(Notice.nid).where(Notice.incident_id == act.incident.id)
    files["attempts.json"] = _json(act.session.scalars(sa.select(Attempt).where(Attempt.notice_id.in_(mine))).all())
    files["journal.jsonl"] = _journal_lines(act)
    reports = act.session.scalars(sa.select(Report).where(Report.incident_id == act.incident.id))
    for report in reports:
        files[f"reports/{report.number:02d}-{report.form}-{report.stage}-{report.state}.pdf"] = report.pdf
        files[f"reports/{report.number:02d}-content.json"] = (
            json.dumps(report.content, indent=1, ensure_ascii=False) + "\n"
        ).encode()
    files["verify.py"] = Path(pack_verifier.__file__).read_bytes()
    files["README.txt"] = README.format(
        reference=act.incident.reference, at=act.now.isoformat(), actor=act.desk.actor
    ).encode()
    return files


def _rows(act: Act, table: type[Table]) -> bytes:
    rows = sa.select(table).where(sa.column("incident_id", sa.Uuid()) == act.incident.id)
    return _json(act.session.scalars(rows).all())


def _json(rows: Any) -> bytes:
    listed = [
        {
            name: _plain(getattr(row, name))
            for name in (column.key for column in row.__table__.columns)
            if name not in LEFT_OUT
        }
        for row in rows
    ]
    return (json.dumps(listed, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _plain(value: Any) -> Any:
    convert: Callable[[Any], Any] = journal.plain
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else convert(value)


def _journal_lines(act: Act) -> bytes:
    lines = sa.select(JournalEntry).where(JournalEntry.chain == str(act.incident.id)).order_by(JournalEntry.number)
    texts = (
        json.dumps({"number": one.number, "hash": one.hash, "body": one.body}, ensure_ascii=False)
        for one in act.session.scalars(lines)
    )
    return "".join(f"{text}\n" for text in texts).encode()
