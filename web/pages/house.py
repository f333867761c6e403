"""Pages about the house itself: signs of life for machines, the choice of language, files that pages load."""

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from web.after import secure
from web.languages import SPOKEN
from web.routes import Route, act, page
from web.static_files import serve
from web.visit import Visit, within


def alive(visit: Visit) -> Response:
    """That this process answers; nothing else is told to whoever asks."""
    return PlainTextResponse("ok\n")


def speak(visit: Visit) -> Response:
    """Choose the language of the pages."""
    response = RedirectResponse(within(visit.text("back")[:500]), 303)
    if visit.text("language") in SPOKEN:
        response.set_cookie(
            "language", visit.text("language"), max_age=31_536_000, path="/", samesite="lax", secure=secure(visit)
        )
    return response


ROUTES: tuple[Route, ...] = (
    page("/alive", alive, None),
    act("/language", speak, None),
    page("/static/{mark}/{name:path}", serve, None),
)
