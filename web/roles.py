"""Who may do what: the sets of roles that routes name."""

REPORTER, RESPONDER, MANAGER = "reporter", "responder", "manager"
APPROVER, AUDITOR, ADMINISTRATOR = "approver", "auditor", "administrator"

EVERYONE = frozenset((REPORTER, RESPONDER, MANAGER, APPROVER, AUDITOR, ADMINISTRATOR))
READERS = frozenset((RESPONDER, MANAGER, APPROVER, AUDITOR))
"""Those who may look at incidents. An administrator looks after accounts, and needs another role to see a breach."""
WORKERS = frozenset((RESPONDER, MANAGER))
MANAGERS = frozenset((MANAGER,))
SECONDS = frozenset((MANAGER, APPROVER))
APPROVERS = frozenset((APPROVER,))
AUDITORS = frozenset((MANAGER, AUDITOR))
ADMINISTRATORS = frozenset((ADMINISTRATOR,))

MAY = {
    REPORTER: "say that something happened, and follow what they said",
    RESPONDER: "follow incidents, record facts, end tasks, speak with people affected",
    MANAGER: "run incidents: declare, decide, draft, launch, file, close",
    APPROVER: "approve texts that someone else wrote, and second grave decisions",
    AUDITOR: "look at everything, verify the record, take evidence; change nothing",
    ADMINISTRATOR: "look after accounts; no incident is open to them by this role alone",
}
