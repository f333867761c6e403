"""Where the dashboard does what a command of the command line does, so that each thing waited for leads to its form."""

import re

from web.do import link

_WAYS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (r"take (?P<reference>\S+)", "take", {"hop": "manager_to_dpo"}),
    (r"second (?P<reference>\S+) (?P<number>\d+)", "second", {}),
    (r"task verify (?P<reference>\S+) (?P<number>\d+)", "task-verify", {}),
    (r"task done (?P<reference>\S+) (?P<number>\d+)", "task-done", {}),
    (r"decide (?P<reference>\S+) risk .*", "decide-risk", {}),
    (r"report file (?P<reference>\S+) (?P<number>\d+)", "file-report", {}),
    (r"launch (?P<reference>\S+) (?P<number>\d+)", "launch", {}),
    (r"wave release (?P<reference>\S+) (?P<number>\d+)", "release-wave", {}),
)
_PAGES = (
    (r"report show (?P<reference>\S+) (?P<number>\d+)", "/incidents/{reference}/reports/{number}"),
    (r"approve (?P<reference>\S+) report (?P<number>\d+)", "/incidents/{reference}/reports/{number}"),
    (r"approve (?P<reference>\S+) wave (?P<number>\d+)", "/incidents/{reference}/waves/{number}"),
    (r"task script (?P<reference>\S+) (?P<number>\d+)", "/incidents/{reference}/tasks/{number}/script"),
    (r"people balance (?P<reference>\S+)", "/incidents/{reference}/people"),
)


def way_on(command: str) -> str:
    """The address that does what the command would; empty where there is none."""
    bare = command.removeprefix("forthwith ")
    for pattern, key, given in _WAYS:
        if found := re.fullmatch(pattern, bare):
            known = found.groupdict()
            return link(known.pop("reference"), key, **(given | known))
    for pattern, path in _PAGES:
        if found := re.fullmatch(pattern, bare):
            return path.format(**found.groupdict())
    return ""
