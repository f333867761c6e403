"""The people of an exercise at their desks: each step of a scenario as the same act that a command or a page would do."""

from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.append_facts import Known
from actions.approve_report import approve_report
from actions.approve_wave import approve_wave
from actions.close import close
from actions.contact import Spoken, contact
from actions.decide import decide
from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.end_task import end_task, verify_task
from actions.file_report import Filing, file_report
from actions.hand_over import take_over
from actions.import_people import import_people
from actions.launch import launch
from actions.record_facts import record_facts
from actions.triggers import mark_started
from db.models import Incident, Report, Task, Trigger, Wave
from flows.scenario import Scenario, Step


class Player:
    """Holds the exercise's incident and does the steps; each answers with a short sentence about what was done."""

    def __init__(self, desk: Desk, scenario: Scenario, files: Path, exercise_id: UUID) -> None:
        self.desk, self.scenario, self.files, self.exercise_id = desk, scenario, files, exercise_id
        self.incident_id = exercise_id  # until the first step declares the incident

    def do(self, step: Step) -> str:
        """Act as the step says, under the name of whoever does it."""
        desk = self.desk.acting_as(self.scenario.cast[step.by])
        did = _VERBS[step.do](self, desk, step)
        self.desk.asked.extend(desk.asked)
        return did

    def wishes(self) -> list[Trigger]:
        """The flow runs that were wished for since the last look, each once."""
        wished = {trigger.id: trigger for trigger in self.desk.asked}
        self.desk.asked.clear()
        for trigger in wished.values():
            mark_started(self.desk, trigger.id, "exercise")
        return list({(one.flow, one.wave_id): one for one in wished.values()}.values())

    def incident(self, session: Session) -> Incident:
        """The exercise's incident."""
        return session.get_one(Incident, self.incident_id)

    def _declare(self, desk: Desk, step: Step) -> str:
        cast = self.scenario.cast
        said = Declaration(
            title=self.scenario.title,
            facts=step.facts,
            exercise_id=self.exercise_id,
            owner=cast["manager"],
            deputy=cast["deputy"],
            executive=cast["executive"],
            data_protection_officer=cast["officer"],
        )
        declared = declare(desk, said)
        self.incident_id = declared.id
        return f"{declared.reference} declared"

    def _record(self, desk: Desk, step: Step) -> str:
        facts = record_facts(
            desk, self.incident_id, [Known(name, value, step.by) for name, value in step.facts.items()]
        )
        return f"{len(facts)} facts recorded"

    def _take(self, desk: Desk, step: Step) -> str:
        take_over(desk, self.incident_id)
        return "acknowledged by the data protection officer"

    def _decide(self, desk: Desk, step: Step) -> str:
        decision = decide(desk, self.incident_id, step.kind, step.about, step.choice, step.reasons)
        return f"decision {decision.number}: {step.kind} {step.choice}"

    def _tasks(self, desk: Desk, step: Step) -> str:
        numbers = self._numbers(Task.number, Task.key, Task.state == "open")
        for task in step.tasks:
            end_task(desk, self.incident_id, numbers[task.key], task.outcome)
            if task.verify:
                verify_task(desk, self.incident_id, numbers[task.key], task.verify)
        return f"{len(step.tasks)} measures done and verified"

    def _approve_report(self, desk: Desk, step: Step) -> str:
        numbers = self._numbers(Report.number, Report.content_sha256, Report.state == "draft")
        for content, number in numbers.items():
            approve_report(desk, self.incident_id, number, content)
        return f"report {', '.join(map(str, numbers.values()))} approved"

    def _file_report(self, desk: Desk, step: Step) -> str:
        proof = (self.files / "acknowledgement.txt").read_bytes()
        numbers = self._numbers(Report.number, Report.content_sha256, Report.state == "approved")
        for number in numbers.values():
            file_report(desk, self.incident_id, number, Filing("portal", step.reference, "acknowledgement.txt", proof))
        return f"report {', '.join(map(str, numbers.values()))} filed, reference {step.reference}"

    def _import_people(self, desk: Desk, step: Step) -> str:
        imported = import_people(desk, self.incident_id, self.files / "people.csv")
        return f"{imported.added} people on the ledger"

    def _approve_waves(self, desk: Desk, step: Step) -> str:
        numbers = self._numbers(Wave.number, Wave.content_sha256, Wave.state == "draft")
        for content, number in numbers.items():
            approve_wave(desk, self.incident_id, number, content)
        return f"waves {', '.join(map(str, numbers.values()))} approved"

    def _launch_waves(self, desk: Desk, step: Step) -> str:
        numbers = self._numbers(Wave.number, Wave.content_sha256, Wave.state == "approved")
        for number in numbers.values():
            launch(desk, self.incident_id, number)
        return f"waves {', '.join(map(str, numbers.values()))} launched"

    def _contacts(self, desk: Desk, step: Step) -> str:
        numbers = self._numbers(Task.number, Task.key, Task.state == "open", Task.kind == "contact")
        for place, number in enumerate(sorted(numbers.values()), 1):
            said = step.outcomes.get(str(place), step.outcomes["default"])
            spoken = Spoken(said.outcome, said.note, witness="a colleague", code_word=True, asked_first=True)
            contact(desk, self.incident_id, number, spoken)
        return f"{len(numbers)} conversations recorded"

    def _check(self, desk: Desk, step: Step) -> str:
        return "the watch looks"

    def _close(self, desk: Desk, step: Step) -> str:
        incident = close(desk, self.incident_id, step.reasons)
        return f"{incident.reference} closed"

    def _numbers(
        self,
        number: sa.orm.InstrumentedAttribute[int],
        key: sa.orm.InstrumentedAttribute[str],
        *where: sa.ColumnElement[bool],
    ) -> dict[str, int]:
        """Numbers by key, of this incident's rows, in order."""
        table = number.class_
        with self.desk.reading() as session:
            rows = session.execute(
                sa.select(key, number).where(table.incident_id == self.incident_id, *where).order_by(number)
            )
            return {row[0]: row[1] for row in rows}


_VERBS = {
    "declare": Player._declare,
    "record": Player._record,
    "take": Player._take,
    "decide": Player._decide,
    "tasks": Player._tasks,
    "approve_report": Player._approve_report,
    "file_report": Player._file_report,
    "import_people": Player._import_people,
    "approve_waves": Player._approve_waves,
    "launch_waves": Player._launch_waves,
    "contacts": Player._contacts,
    "check": Player._check,
    "close": Player._close,
}
VERBS = tuple(_VERBS)
