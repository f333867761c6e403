"""One running Forthwith for all tests of the order that need a Prefect server, and a home for Prefect away from the user's own."""

import os
import tempfile

# Prefect reads these when it is imported, and would otherwise write to the home of whoever runs the tests.
os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="fw-prefect-")
os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] = "false"
