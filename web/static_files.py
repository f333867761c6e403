"""The few files that pages load: shipped with the package, named by their content, so that a browser may keep them for ever."""

import hashlib
import mimetypes
from functools import cache
from importlib import resources

from starlette.responses import Response

import web
from actions.errors import NotFound
from web.visit import Visit

FILES = ("style.css", "live.js", "vendor/htmx-2.min.js", "icon.svg")
_KEEP = "public, max-age=31536000, immutable"


@cache
def _held(name: str) -> tuple[bytes, str]:
    data = (resources.files(web) / "static" / name).read_bytes()
    return data, hashlib.sha256(data).hexdigest()[:16]


def asset(name: str) -> str:
    """The address of a file, with the mark of its content."""
    return f"/static/{_held(name)[1]}/{name}"


def serve(visit: Visit) -> Response:
    """Answer with one of the files; no other path leads to anything."""
    name = str(visit.request.path_params["name"])
    if name not in FILES:
        raise NotFound("There is no such file.")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(_held(name)[0], media_type=kind, headers={"cache-control": _KEEP})
