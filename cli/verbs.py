"""The table of verbs: what each says it does and where it lives, so that help is shown without loading any of them."""

from dataclasses import dataclass

BEGIN, KNOW, TELL, PROVE, RUN = (
    "Begin and follow",
    "Know and decide",
    "Tell people and authorities",
    "End and prove",
    "Law and machine",
)


@dataclass(frozen=True)
class Verb:
    """One verb: *place* is its module in this room and the function or Typer app in it."""

    name: str
    place: str
    panel: str
    says: str


VERBS: tuple[Verb, ...] = (
    Verb("declare", "declare:declare", BEGIN, "Declare an incident, and start its clocks."),
    Verb("intake", "intake:app", BEGIN, "See what employees said, and promote, join or dismiss it."),
    Verb("list", "list:incidents", BEGIN, "List the incidents, the nearest limit of each beside it."),
    Verb("show", "show:show", BEGIN, "Show one incident: clocks, duties, tasks, people, and what it waits for."),
    Verb("due", "due:due", BEGIN, "Show what is due, the nearest first, over all incidents."),
    Verb("take", "take:take", BEGIN, "Acknowledge that the incident was handed over to you."),
    Verb(
        "acknowledge", "acknowledge:acknowledge", BEGIN, "Say that you have what was warned of: it is not told again."
    ),
    Verb(
        "warnings",
        "warnings:warnings",
        BEGIN,
        "Show every warning, told or not and why; and which report files itself.",
    ),
    Verb("restrict", "restrict:restrict", BEGIN, "Restrict an incident to the people who must know of it."),
    Verb("task", "task:app", BEGIN, "List, end and verify the work that people have to do."),
    Verb("fact", "fact:app", KNOW, "Add what is known, and ask what was known when."),
    Verb("assess", "assess:assess", KNOW, "Ask the rulebook again what is owed, and show how severe the breach is."),
    Verb("decide", "decide:decide", KNOW, "Decide, with reasons; grave decisions wait for a second person."),
    Verb("second", "second:second", KNOW, "Confirm, or refuse, what someone else proposed."),
    Verb("waive", "waive:waive", KNOW, "Propose that a duty is not required, with reasons."),
    Verb("people", "people:app", TELL, "Import, list and account for the people affected."),
    Verb("draft", "draft:draft", TELL, "Draw up now the reports and notices that are owed."),
    Verb("wave", "wave:app", TELL, "Show, release, pause, resume or stop a wave of notices."),
    Verb("hold", "hold:app", TELL, "Keep people from being told for a while, where the law allows it."),
    Verb("approve", "approve:approve", TELL, "Approve the exact text of a report or a wave; never your own."),
    Verb("launch", "launch:launch", TELL, "Launch an approved wave of notices."),
    Verb("report", "report:app", TELL, "List, show, send and file reports to authorities."),
    Verb(
        "disarm",
        "disarm:disarm",
        TELL,
        "Stop a report that a policy would file by itself; its duty is owed all the same.",
    ),
    Verb("close", "close:close", PROVE, "Close an incident in which nothing is left undone."),
    Verb("timeline", "timeline:timeline", PROVE, "Show who did what when, from the journal."),
    Verb("verify", "verify:verify", PROVE, "Check that the record was not tampered with."),
    Verb("pack", "pack:pack", PROVE, "Export the evidence as a folder that proves itself."),
    Verb("exercise", "exercise:app", PROVE, "Replay a breach as an exercise; nothing leaves the building."),
    Verb("duties", "duties:duties", RUN, "Show each duty of the rulebook on the facts of a file."),
    Verb("rulebook", "rulebook:app", RUN, "Look into the rulebook: laws, limits, sources, codes."),
    Verb("account", "account:app", RUN, "Say who may sign in to the dashboard, and what they may do."),
    Verb("away", "away:away", RUN, "Say who is away and who stands in for them."),
    Verb("up", "up:up", RUN, "Run Forthwith on this machine until Ctrl-C."),
    Verb("watchdog", "watchdog:app", RUN, "Alarm when nobody watches the deadlines; keep the break-glass card."),
    Verb("bounces", "bounces:bounces", RUN, "Read reports of failed delivery that came back by mail."),
    Verb("restored", "restored:restored", RUN, "Pause every wave after a restore from a backup."),
    Verb("doctor", "doctor:doctor", RUN, "Say what is configured, what is missing, and whether the watch is alive."),
)
