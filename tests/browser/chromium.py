"""Finds the machine's own Chromium, and says in one sentence how to get one."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW = "The browser tests need a Chromium, and none is here: apt install chromium (Debian), or name one in FORTHWITH_CHROMIUM."


def installed() -> str | None:
    """The path of a Chromium, the one that was named first; None when there is none."""
    named = os.environ.get("FORTHWITH_CHROMIUM", "")
    return next(filter(None, map(shutil.which, (named, *NAMES) if named else NAMES)), None)
