"""The few files that pages load: shipped with the package, named by their content, so that a browser may keep them for ever."""

import gzip
import hashlib
import mimetypes
from functools import cache
from importlib import resources

from starlette.responses import Response

import web
from actions.errors import NotFound
from web.visit import Visit

FILES = ("style.css", "live.js", "copy.js", "vendor/htmx-2.min.js", "icon.svg")
_KEEP = "public, max-age=31536000, immutable"


@cache
def _held(name: str) -> tuple[bytes, bytes, str]:
    """The file, the same compressed, and the mark of its content."""
    data = (resources.files(web) / "static" / name).read_bytes()
    return data, gzip.compress(data, mtime=0), hashlib.sha256(data).hexdigest()[:16]


def asset(name: str) -> str:
    """The address of a file, with the mark of its content."""
    return f"/static/{_held(name)[2]}/{name}"


def serve(visit: Visit) -> Response:
    """Answer with one of the files; no other path leads to anything."""
    name = str(visit.request.path_params["name"])
    if name not in FILES:
        raise NotFound("There is no such file.")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    data, smaller, _ = _held(name)
    headers = {"cache-control": _KEEP, "vary": "accept-encoding"}
    if _takes_gzip(visit.request.headers.get("accept-encoding", "")):
        return Response(smaller, media_type=kind, headers=headers | {"content-encoding": "gzip"})
    return Response(data, media_type=kind, headers=headers)


def _takes_gzip(accepted: str) -> bool:
    """Only what is the same for everyone is compressed: how long a compressed page is would tell of the secrets on it."""
    ways = (one.replace(" ", "").lower() for one in accepted.split(","))
    return any(way == "gzip" or (way.startswith("gzip;q=") and way.strip("0.") != "gzip;q=") for way in ways)
