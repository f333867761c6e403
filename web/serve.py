"""The dashboard as a process: `python -m web.serve [PIPE]`, on loopback, telling the pipe when it is ready."""

import gc
import os
import socket
import sys

import uvicorn

from rulebook.library import book
from settings.model import Settings, load
from web.app import application


class _Server(uvicorn.Server):
    """Says on the pipe that it is ready, once it listens."""

    def __init__(self, config: uvicorn.Config, pipe: int | None) -> None:
        super().__init__(config)
        self._pipe = pipe

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell. The rulebook is read before: no visitor waits for it, and no sweep for garbage walks through it again."""
        book()
        gc.collect()
        gc.freeze()
        await super().startup(sockets)
        if self.started and self._pipe is not None:
            os.write(self._pipe, b"ready\n")
            os.close(self._pipe)


def server(settings: Settings, pipe: int | None = None) -> uvicorn.Server:
    """The server on these settings. Access is not logged: paths name incidents."""
    config = uvicorn.Config(
        application(settings),
        host=settings.web_host,
        port=settings.web_port,
        access_log=False,
        server_header=False,
        date_header=True,
        log_level="warning",
        timeout_graceful_shutdown=3,
        proxy_headers=bool(settings.web_behind_proxy),
        forwarded_allow_ips=settings.web_behind_proxy or None,
        h11_max_incomplete_event_size=64_000,
    )
    return _Server(config, pipe)


def main() -> None:
    """Serve until told to stop."""
    server(load(), int(sys.argv[1]) if len(sys.argv) > 1 else None).run()


if __name__ == "__main__":
    main()
