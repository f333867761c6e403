"""Look at a template that nobody has approved yet: rendered in a process of its own, short of time and of memory.

The sandbox keeps a template from what is not its business; it cannot keep one from running for ever. The child process
gets no settings, no keys and no files to write, a few seconds of processor time and a few hundred megabytes.
"""

import json
import math
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from notices.compose import compose_from
from notices.data import NoticeData, read
from notices.errors import BadTemplate, WordsError
from notices.lint import lint
from notices.shelf import shelf
from notices.wording import numbered

_LONGEST = 200_000
_STARTING = 30  # seconds by the wall that a busy machine may take to start the child; its own limit is processor time


@dataclass(frozen=True, slots=True, repr=False)
class Preview:
    """How the notice would come out, and what lint says about it."""

    subject: str
    text: str
    html: str
    call_script: str
    contents: dict[str, str]
    problems: list[str]


def preview(
    template: str,
    source: str,
    data: Mapping[str, object] | NoticeData,
    *,
    language: str = "en",
    seconds: int = 5,
    megabytes: int = 400,
) -> Preview:
    """Render `source` as if it were the template's content. `BadTemplate` for one that is wrong, slow or greedy."""
    known = read(NoticeData, "the notice's data", data)
    order = {"template": template, "source": source, "language": language, "data": known.model_dump(mode="json")}
    answer = _run(json.dumps(order), seconds, megabytes)
    if "says" in answer:
        file = answer["file"] or f"notices/{template}/{language}.txt"
        raise BadTemplate(template, file, answer["line"], answer["says"])
    return Preview(**answer)


def _run(order: str, seconds: int, megabytes: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "notices.preview", str(seconds), str(megabytes)]
    bare = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module; the template goes in as text
            command,
            input=order,
            capture_output=True,
            encoding="utf-8",
            timeout=seconds + _STARTING,
            env=bare,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _refusal(f"takes longer than {numbered(seconds, 'second')}")
    if -done.returncode in (signal.SIGKILL, signal.SIGXCPU):
        return _refusal(f"takes longer than {numbered(seconds, 'second')}")
    if done.returncode != 0:
        return _refusal(f"needs more than {megabytes} megabytes")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _refusal(says: str) -> dict[str, Any]:
    return {"file": "", "line": 0, "says": says}


def _limit(seconds: int, megabytes: int) -> None:
    size = megabytes * 1024 * 1024
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds += math.ceil(used.ru_utime + used.ru_stime)  # what starting took is not the template's
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _render(order: dict[str, str]) -> dict[str, object]:
    path = f"notices/{order['template']}/{order['language']}.txt"
    books = shelf().with_file(path, order["source"])
    try:
        notice = compose_from(books, order["template"], _data(order), language=order["language"])
    except BadTemplate as wrong:
        return {"file": wrong.file, "line": wrong.line, "says": wrong.says}
    except WordsError as wrong:
        return {"file": path, "line": 0, "says": str(wrong)}
    shapes = {name: getattr(notice, name) for name in ("subject", "text", "html", "call_script", "contents")}
    if len(notice.subject) + len(notice.text) + len(notice.call_script) > _LONGEST:
        return _refusal("comes out longer than any notice should")
    return {**shapes, "problems": lint(notice)}


def _data(order: dict[str, str]) -> NoticeData:
    return NoticeData.model_validate(order["data"])


def _child() -> None:
    """Read the order, take on the limits, answer. Runs in the child process only."""
    seconds, megabytes = (int(word) for word in sys.argv[1:3])
    order = json.load(sys.stdin)
    _limit(seconds, megabytes)
    sys.stdout.write(json.dumps(_render(order)))


if __name__ == "__main__":
    _child()
