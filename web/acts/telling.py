"""Telling people and authorities: drafts, approval, launch and brake, filing."""

from typing import Any

from actions.approve_report import approve_report
from actions.approve_wave import approve_wave
from actions.assess import assess
from actions.contain import contain
from actions.draft_wave import WAYS, Audience, draft_wave
from actions.launch import launch
from actions.prepare_notices import ask_for_notices, prepare_notices
from actions.prepare_reports import prepare_reports
from actions.release_wave import release_wave
from actions.stop_wave import pause_wave, resume_wave, stop_wave
from actions.withdraw_report import withdraw_report
from db.models.person import AFFECTED_KINDS
from db.queries.people import next_number
from web.forms import Field, Form
from web.roles import APPROVERS, WORKERS
from web.visit import Visit

MANY = 5000
"""People on a ledger for whom nothing is drafted while somebody waits: it takes some seconds."""
NUMBER = Field("number", "Wave", "number")
WHY = Field("reasons", "Reasons", "text")
TEXT = Field(
    "text", "Exactly this text", hint="Its hash, as you read it. If the text has changed since, nothing is approved."
)


def draft(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Draw up what is owed; the notices to very many beside the request, in a run that is asked for."""
    desk = visit.desk()
    assess(desk, reference)
    contain(desk, reference)
    reports = prepare_reports(desk, reference)
    with visit.reading() as session:
        many = next_number(session, visit.incident(session).id) - 1 > MANY
    if many:
        ask_for_notices(desk, reference)
        return f"Reports drafted: {reports.drafts}. The ledger is long: notices that are owed are drawn up beside this page, and a task asks for their approval."
    notices = prepare_notices(desk, reference)
    says = f"Drafted. Reports: {reports.drafts}. Waves: {notices.waves}. Notices: {notices.notices}."
    return says + (
        f"\nWords that are missing: {notices.missing_words}; tasks say which." if notices.missing_words else ""
    )


def draft_own(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """A wave of one's own."""
    languages = (said["languages"] or "").replace(",", " ").split()
    audience = Audience(said["kinds"], languages, said["channels"] or ())
    wave = draft_wave(visit.desk(), reference, audience, said["template"], said["name"])
    return f"Wave {wave.number} is drafted; someone who wrote none of its words must approve it."


def approve_a_wave(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Bind a name to the exact text of a wave."""
    made = approve_wave(visit.desk(), reference, said["number"], said["text"])
    return f"Wave {said['number']} is approved, exactly as it reads now ({made.content_sha256[:12]})."


def approve_a_report(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Bind a name to the exact text of a report."""
    made = approve_report(visit.desk(), reference, said["number"], said["text"])
    return f"Report {said['number']} is approved, exactly as it reads now ({made.content_sha256[:12]})."


def let_go(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Launch an approved wave."""
    wave = launch(visit.desk(), reference, said["number"], urgent=said["urgent"])
    says = f"Wave {wave.number} ({wave.name}) is launched."
    return says + (f" {wave.canary_size} e-mails go first; the rest is held." if wave.is_holding else "")


def release(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Let the rest of a wave follow its first messages."""
    release_wave(visit.desk(), reference, said["number"], said["reasons"])
    return f"The rest of wave {said['number']} is released."


def pause(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Send nothing more until it is resumed."""
    pause_wave(visit.desk(), reference, said["number"], said["reasons"])
    return f"Wave {said['number']} is paused. What was in the air is settled by evidence; nothing more leaves."


def resume(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Let a paused wave go on."""
    resume_wave(visit.desk(), reference, said["number"])
    return f"Wave {said['number']} goes on."


def stop(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Send nothing more, ever."""
    stop_wave(visit.desk(), reference, said["number"], said["reasons"])
    return f"Wave {said['number']} is stopped; what had not left is cancelled."


def withdraw(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Draw up the withdrawal of a report that was filed."""
    report = withdraw_report(visit.desk(), reference, said["number"], said["reasons"])
    return f"Report {report.number} withdraws report {said['number']}; someone who wrote none of its words must approve it."


FORMS = (
    Form(
        "draft",
        "Draw up what is owed",
        "Reports and notices are drawn up from what is known now.",
        draft,
        roles=WORKERS,
        part="reports",
    ),
    Form(
        "draft-wave",
        "Draft a wave of your own",
        "For some kinds of people, from one notice; the others stay for other waves. The accused and third parties are never in a wave with victims.",
        draft_own,
        (
            Field("kinds", "For whom", "many", choices={kind: kind.replace("_", " ") for kind in AFFECTED_KINDS}),
            Field("languages", "Who read only these languages", required=False, hint="Two letters each; empty: any."),
            Field(
                "channels",
                "Who are told only these ways",
                "many",
                required=False,
                choices={way: way.replace("_", " ") for way in WAYS},
            ),
            Field("template", "Notice", hint="Its name under templates/notices, such as victim or customer."),
            Field("name", "The wave's name"),
        ),
        part="waves",
    ),
    Form(
        "approve-wave",
        "Approve a wave",
        "You put your name to exactly this text. Authors do not approve their own words.",
        approve_a_wave,
        (NUMBER, TEXT),
        APPROVERS,
        "waves",
        grave=True,
    ),
    Form(
        "approve-report",
        "Approve a report",
        "You put your name to exactly this text. Authors do not approve their own words.",
        approve_a_report,
        (Field("number", "Report", "number"), TEXT),
        APPROVERS,
        "reports",
        grave=True,
    ),
    Form(
        "launch",
        "Launch a wave",
        "The notices leave, each once. What a person must tell becomes tasks.",
        let_go,
        (
            NUMBER,
            Field(
                "urgent",
                "Why all must go at once",
                "text",
                required=False,
                hint="Empty: of many e-mails a few go first, and the rest is held until they were watched.",
            ),
        ),
        part="waves",
        grave=True,
    ),
    Form(
        "release-wave",
        "Release the rest of a wave",
        "Its first messages were watched; now the others leave.",
        release,
        (
            NUMBER,
            Field(
                "reasons",
                "Reasons",
                "text",
                required=False,
                hint="Needed while the first are still watched, and where they broke a limit.",
            ),
        ),
        part="waves",
        grave=True,
    ),
    Form(
        "pause-wave", "Pause a wave", "Nothing more leaves until it is resumed.", pause, (NUMBER, WHY), WORKERS, "waves"
    ),
    Form("resume-wave", "Let a wave go on", "What was paused goes on where it stood.", resume, (NUMBER,), part="waves"),
    Form(
        "stop-wave",
        "Stop a wave for good",
        "What has not left is cancelled; those people wait for a new wave.",
        stop,
        (NUMBER, WHY),
        part="waves",
        grave=True,
    ),
    Form(
        "withdraw-report",
        "Withdraw a report that was filed",
        "It was no breach, or was notified in error. The withdrawal is a report of its own: approved by someone else, filed with proof.",
        withdraw,
        (Field("number", "Report", "number"), WHY),
        part="reports",
        grave=True,
    ),
)
