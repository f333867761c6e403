"""Calls the command line as a person would, in this process: what it wrote, and the code it ended with."""

import contextlib
import io
import sys
from dataclasses import dataclass
from unittest.mock import patch

import cli


@dataclass(frozen=True)
class Called:
    """The exit code, the standard output and the standard error of one call."""

    code: int
    out: str
    err: str


def call(*arguments: str) -> Called:
    """Run `forthwith` with these arguments."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    code: object = 0
    with (
        patch.object(sys, "argv", ["forthwith", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            cli.main()
        except SystemExit as end:
            code = end.code
    texts = []
    for stream in (out, err):
        stream.seek(0)
        texts.append(stream.read())
    return Called(code if isinstance(code, int) else int(code is not None), *texts)
