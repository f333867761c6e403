"""Asks Prefect for the runs that acts wish for. When Prefect is away the act still counts: the deadline check asks again."""

import logging
from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from actions.desk import Desk
from actions.triggers import mark_started
from flows.api import Away, Prefect, Unwilling
from settings.model import Settings

_log = logging.getLogger(__name__)


class Wish(Protocol):
    """What is asked for: a flow, on ids, under a key that makes the asking safe to repeat."""

    @property
    def id(self) -> UUID: ...
    @property
    def flow(self) -> str: ...
    @property
    def incident_id(self) -> UUID | None: ...
    @property
    def wave_id(self) -> UUID | None: ...
    @property
    def key(self) -> str: ...


def ask(settings: Settings, wish: Wish) -> str | None:
    """Ask for the run, without waiting for it; gives its id, or None when Prefect is away."""
    ids = {"incident_id": wish.incident_id, "wave_id": wish.wave_id}
    try:
        with Prefect(settings.api_url) as prefect:
            deployment = prefect.deployment(wish.flow)
            takes = deployment["parameter_openapi_schema"].get("properties", {})
            parameters = {name: str(one) for name, one in ids.items() if one is not None and name in takes}
            tags = [f"{name.removesuffix('_id')}:{one}" for name, one in ids.items() if one is not None]
            return prefect.start(deployment["id"], parameters, wish.key, tags)
    except Away:
        return None
    except Unwilling as no:
        _log.warning("Prefect would not start %s for trigger %s: %s", wish.flow, wish.id, no)
        return None


def start(desk: Desk, wishes: Iterable[Wish]) -> int:
    """Ask for each run and note which came about; gives how many did."""
    started = 0
    for wish in wishes:
        run_id = ask(desk.settings, wish)
        if run_id is not None:
            mark_started(desk, wish.id, run_id)
            started += 1
    return started
