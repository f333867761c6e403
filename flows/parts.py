"""The processes that make up a running Forthwith on one machine."""

import os
import sys

from flows.environment import environment
from flows.supervisor import Part
from settings.model import Settings


def parts(settings: Settings) -> tuple[Part, ...]:
    """What `forthwith up` keeps alive, in the order of starting. A web process takes its place at the front."""
    around = environment(settings, os.environ)
    return (Part("prefect", (sys.executable, "-m", "flows.child"), around, settings.home),)
