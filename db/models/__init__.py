"""The tables, one file per family."""

from db.models.absence import Absence
from db.models.account import Account, AccountRole, Member, SignInTry, WebSession
from db.models.acknowledgement import Acknowledgement
from db.models.decision import Approval, Decision
from db.models.dispatch import Dispatch
from db.models.event import Event
from db.models.fact import Fact
from db.models.hold import HeldKind, HeldPerson, Hold
from db.models.incident import Exercise, HandOver, Incident, IncidentKey
from db.models.intake import Intake
from db.models.journal import JournalEntry, JournalHead
from db.models.notice import Attempt, Notice, NoticeSheet, Pace, Shard, Wave
from db.models.obligation import Alert, Obligation, Rung
from db.models.person import ContactPoint, Import, LeftOut, Person
from db.models.report import Receipt, Report
from db.models.switch import Switch
from db.models.task import Task
from db.models.trigger import Heartbeat, Trigger

__all__ = [
    "Absence",
    "Account",
    "AccountRole",
    "Acknowledgement",
    "Alert",
    "Approval",
    "Attempt",
    "ContactPoint",
    "Decision",
    "Dispatch",
    "Event",
    "Exercise",
    "Fact",
    "HandOver",
    "Heartbeat",
    "HeldKind",
    "HeldPerson",
    "Hold",
    "Import",
    "Incident",
    "IncidentKey",
    "Intake",
    "JournalEntry",
    "JournalHead",
    "LeftOut",
    "Member",
    "Notice",
    "NoticeSheet",
    "Obligation",
    "Pace",
    "Person",
    "Receipt",
    "Report",
    "Rung",
    "Shard",
    "SignInTry",
    "Switch",
    "Task",
    "Trigger",
    "Wave",
    "WebSession",
]
