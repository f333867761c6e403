"""The environment in which Prefect runs here: on loopback, at home, silent towards its makers, tuned for one machine."""

from collections.abc import Mapping

from settings.model import Settings

_TUNED = {
    # Prefect's maker is told nothing: the server and the client library each have a switch of their own.
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    # A process that cannot find its server must fail, not start one of its own with another database.
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    # A lease in memory dies with the server and would hold its slot for ever.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    # Prefect writes each task run singly unless told otherwise: four to five times the work.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "500",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "100",
    # All runs that were scheduled during a stop are late at the next start: keep few, or they stand before the next act.
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "3",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT3M",
    # It only renames a run that waits, every five seconds, and locks SQLite while it does.
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_RUNNER_POLL_FREQUENCY": "2",
    # Prefect is not the record: what it keeps of a run may go after thirty days.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(30 * 24 * 3600),
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_LOGGING_LOG_PRINTS": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_LOGGING_COLORS": "false",
}


def environment(settings: Settings, inherited: Mapping[str, str]) -> dict[str, str]:
    """What a Prefect process must find around it. Prefect's own variables are not inherited: they may name another server."""
    kept = {name: value for name, value in inherited.items() if not name.startswith("PREFECT_")}
    return {
        **kept,
        **_TUNED,
        "FORTHWITH_HOME": str(settings.home),
        # A file in the folder where a process happens to start can take no module's place.
        "PYTHONSAFEPATH": "1",
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_API_URL": settings.api_url,
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": page(settings),
        "PREFECT_UI_API_URL": settings.api_url,
    }


def page(settings: Settings) -> str:
    """Where Prefect's own page is shown."""
    return settings.api_url.removesuffix("/api")
