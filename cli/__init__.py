"""The command line: one verb, one file, each a thin face of an action or a query."""

import sys
from importlib import import_module

from cli.shelf import forthwith


def main() -> None:
    """Run the command line, and end the process with 0 (done), 2 (refused) or 1 (broken)."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal without an accent still gets its answer
    try:
        forthwith.main(prog_name="forthwith")
    except Exception as error:  # noqa: BLE001 - a door: whatever it is, a person gets one sentence and no trace
        trouble = import_module("cli.trouble")  # only now, since it knows of settings and logs
        sys.exit(trouble.told(error))
