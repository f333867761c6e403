"""Wrong states of the dead-man's switch, for the test that tries each."""

from typing import Any

from tests.db.world import DRILL, NOW, an_id

TOLD = {"first_told_at": NOW, "second_told_at": NOW.replace(minute=NOW.minute + 1)}
FIRED = {"state": "fired", "ended_at": NOW.replace(minute=NOW.minute + 2), "report_id": an_id(23)}

REFUSED: dict[str, list[dict[str, Any]]] = {
    "ck_switches_by_a_policy": [{"policy": " "}],
    "ck_switches_never_in_an_exercise": [{"sealed": True, "incident_id": DRILL}],
    "ck_switches_announced_in_order": [{"second_told_at": NOW}, {"first_told_at": NOW, "second_told_at": NOW}],
    "ck_switches_stopped_by_someone_with_reasons": [{"state": "stopped", "ended_at": NOW, "reasons": " "}],
    "ck_switches_announced_twice_before": [FIRED, FIRED | {"first_told_at": NOW}],
    "ck_switches_fired_before_the_limit": [FIRED | TOLD | {"ended_at": NOW.replace(year=2027)}],
    "ck_switches_fired_hands_on_a_report": [FIRED | TOLD | {"report_id": None}],
}
