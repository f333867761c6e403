"""A Prefect server as far as our doors speak to one, on loopback, that can be told to misbehave."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RUN = "0f0e0d0c-0000-4000-8000-000000000001"


@dataclass
class FakePrefect:
    """What it was asked, and what it does with the next requests instead of answering: a status, "reset", "hang" or "garbage"."""

    url: str = ""
    takes: tuple[str, ...] = ("incident_id",)
    faults: list[int | str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str) -> dict[str, Any]:
        if path.startswith("/api/deployments/name/"):
            schema = {"properties": {name: {} for name in self.takes}}
            return {"id": path.rsplit("/", 1)[1], "parameter_openapi_schema": schema}
        return {"id": RUN}


@contextmanager
def fake_prefect() -> Iterator[FakePrefect]:
    """Runs the server while the block runs."""
    fake = FakePrefect()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fake.asked.append({"path": self.path, **json.loads(body)})
            self._serve()

        def _serve(self) -> None:
            fault = fake.faults.pop(0) if fake.faults else 200
            if fault == "hang":
                fake.let_go.wait()
            if fault in ("reset", "hang"):
                self.close_connection = True
                return
            body = b"<html>" if fault == "garbage" else json.dumps(fake.answer(self.path)).encode()
            self.send_response(fault if isinstance(fault, int) else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.url = f"http://127.0.0.1:{server.server_port}/api"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield fake
        finally:
            fake.let_go.set()
            server.shutdown()
            thread.join()
