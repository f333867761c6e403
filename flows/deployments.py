"""Every flow that can be started: by name, by schedule, and on which lane; prefect.yaml says the same for a work pool."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Lane = Literal["regulator", "approvals", "victims"]

POOL = "forthwith"
LANES: dict[Lane, int] = {"regulator": 1, "approvals": 5, "victims": 10}
"""Lanes with their priority as work queues. On one machine each is a runner of its own, so that the sending of
notices to many thousands can never hold up the deadline check or an answer that a person waits for."""


@dataclass(frozen=True)
class Deployment:
    """One flow as Prefect knows it: the deployment bears the flow's name."""

    name: str
    entrypoint: str
    lane: Lane
    tags: tuple[str, ...]
    every: timedelta | None = None
    cron: str | None = None

    @property
    def scheduled(self) -> bool:
        """Whether it starts by the clock, and so needs no second start after a stop."""
        return self.every is not None or self.cron is not None


DEPLOYMENTS = (
    Deployment(
        "check_deadlines", "flows.check_deadlines.check_deadlines", "regulator", ("watch",), every=timedelta(seconds=60)
    ),
    Deployment("report_to_regulator", "flows.steps.report_to_regulator", "regulator", ("incident", "regulator")),
    Deployment("respond", "flows.respond.respond", "approvals", ("incident",)),
    Deployment("assess", "flows.steps.assess", "approvals", ("incident",)),
    Deployment("contain", "flows.steps.contain", "approvals", ("incident",)),
    Deployment("notify_victims", "flows.steps.notify_victims", "approvals", ("incident", "people")),
    Deployment("deliver", "flows.deliver.deliver", "victims", ("people",)),
    Deployment("reconcile", "flows.reconcile.reconcile", "victims", ("watch", "people"), every=timedelta(minutes=5)),
    Deployment("review", "flows.review.review", "victims", ("watch",), cron="30 4 * * *"),
)
