"""One running Forthwith for all tests of the order that need a Prefect server, and a home for Prefect away from the user's own."""

import os
import tempfile
from collections.abc import Iterator

import pytest

from tests.flows.house import House

# Prefect reads these when it is imported, and would otherwise write to the home of whoever runs the tests.
_HOME = tempfile.TemporaryDirectory(prefix="fw-prefect-")
os.environ["PREFECT_HOME"] = _HOME.name
os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] = "false"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for all tests of a file that leave it standing; its checks would slow down whatever came after."""
    one = House(tmp_path_factory.mktemp("house"))
    yield one.start()
    one.end()
