"""GOV.UK Notify's official client over a transport of our own: its requests and tokens, our connections.

By itself the client is not safe to share between threads, follows redirects with the token in hand, takes proxies from the environment, cannot say
whether a request had begun, and logs addresses of requests, which hold a notice's id. Here it only words the request and signs it; what
carries it is `channels.https`. So its methods return the plain answer, whatever its status, or raise TryAgain, Halt or Unknown.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from notifications_python_client.notifications import NotificationsAPIClient

from channels.https import Answer, Https, Line
from channels.outcome import Halt, TryAgain, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOST = "https://api.notifications.service.gov.uk"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_KEY = re.compile(rf"[\x21-\x7e]{{0,200}}{_UUID}-{_UUID}")
_SILENT = logging.CRITICAL + 1


class NotifyClient(NotificationsAPIClient):
    """One service's client, safe to use from many threads at once. Halts at once if the key could not be one."""

    def __init__(self, api_key: str, host: str, line: Line) -> None:
        if not _KEY.fullmatch(api_key):
            raise Halt("the GOV.UK Notify key is missing or is not a key")
        logging.getLogger("notifications_python_client").setLevel(_SILENT)
        logging.getLogger("urllib3").setLevel(logging.WARNING)
        super().__init__(api_key, base_url=host)
        self.request_session.close()
        del self.request_session  # nothing may leave but through our own line
        self._https = Https(host, line)

    def __repr__(self) -> str:
        return "NotifyClient()"

    def close(self) -> None:
        self._https.close()

    def _perform_request(self, method: str, url: str, kwargs: Mapping[str, Any]) -> Answer:
        query = urlencode(kwargs.get("params") or {}, doseq=True)
        path = urlsplit(url).path + (f"?{query}" if query else "")
        body = kwargs["data"].encode() if "data" in kwargs else None
        return self._https.request(method, path, kwargs["headers"], body)

    def _process_json_response(self, response: Answer) -> Answer:
        return response


def asked(question: Callable[..., Any], *words: object, **more: object) -> Answer:
    """The answer to a question, which changes nothing: whatever goes wrong on the way, it may be asked again."""
    try:
        answer: Answer = question(*words, **more)
    except Unknown as error:
        raise TryAgain(error.reason, error.code) from None
    if answer.status in (401, 403):
        raise Halt("GOV.UK Notify does not accept the key", str(answer.status))
    if answer.status == 429 or answer.status >= 500:
        raise TryAgain("GOV.UK Notify cannot answer now", str(answer.status))
    return answer
