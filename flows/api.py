"""Speaks to a Prefect server over plain HTTP, so that the doors need not import Prefect, which takes a second."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import urllib3
from urllib3.util import Retry, Timeout

# A SQLite server answers 503 now and then, even when idle. Asking again is safe: reading changes nothing,
# and a run is asked for under a key, which gives the same run each time.
_BRIEFLY = Retry(
    total=4,
    connect=0,
    read=1,
    redirect=0,
    status=4,
    status_forcelist=(HTTPStatus.SERVICE_UNAVAILABLE,),
    allowed_methods=None,
    backoff_factor=0.1,
    respect_retry_after_header=False,
    raise_on_status=False,
)


PATIENCE = Timeout(connect=1.0, read=3.0)


class Away(Exception):
    """The server cannot be reached, is not ready, or does not know our flows."""


class Unwilling(Exception):
    """The server answered, and the answer was no; holds the status only, as the text would quote what was sent."""


class Prefect:
    """One server's API. Close it, or use it in a with statement."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._pool = urllib3.PoolManager(timeout=PATIENCE, retries=_BRIEFLY)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.clear()

    def version(self) -> str:
        """The server's version, which also shows that it answers."""
        return str(self._call("GET", "/admin/version"))

    def deployment(self, name: str) -> dict[str, Any]:
        """The deployment of that name, which is also its flow's."""
        found: dict[str, Any] = self._call("GET", f"/deployments/name/{name}/{name}")
        return found

    def deployments(self) -> list[dict[str, Any]]:
        """Every deployment, with its schedules."""
        found: list[dict[str, Any]] = self._call("POST", "/deployments/filter", {})
        return found

    def start(self, deployment_id: str, parameters: Mapping[str, str | int], key: str, tags: list[str]) -> str:
        """Ask for a run and give its id; the same key gives the same run, whatever became of it."""
        body = {"parameters": parameters, "idempotency_key": key, "tags": tags, "state": {"type": "SCHEDULED"}}
        return str(self._call("POST", f"/deployments/{deployment_id}/create_flow_run", body)["id"])

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            answer = self._pool.request(method, f"{self._url}{path}", json=body)
            if answer.status < HTTPStatus.BAD_REQUEST:
                return json.loads(answer.data)
        except (urllib3.exceptions.HTTPError, ValueError):
            raise Away from None
        if answer.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.NOT_FOUND):
            raise Away
        raise Unwilling(f"{method} of a {path.split('/')[1]} answered {answer.status}")
