"""Short warnings to staff through Apprise (Slack, Teams, PagerDuty, SMS and many more), each target by its own URL."""

import hashlib
import logging

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyType

from channels.outcome import Accepted, Halt, Unknown

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0


class Push:
    """One target. Its URL holds a secret, so neither its name, its errors nor any log shows more of it than its kind."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.name = name_of(url)

    def __repr__(self) -> str:
        return f"<Push: {self.name}>"

    def send(self, subject: str, text: str) -> Accepted:
        """Hand the warning over once. Raises Halt for a URL that nothing understands, Unknown when it was not surely taken."""
        silence()
        target = Apprise.instantiate(self._url, asset=_asset(), suppress_exceptions=True)
        if not isinstance(target, NotifyBase):
            raise Halt("This target's URL is not one that Apprise understands.", self.name)
        target.socket_connect_timeout, target.socket_read_timeout = CONNECT_SECONDS, READ_SECONDS
        target.redirects = False  # what was meant for one host is not carried to another
        try:
            taken = target.notify(body=text, title=subject, notify_type=NotifyType.WARNING)
        except Exception as error:  # noqa: BLE001 - a hundred plugins can fail in any way; the text may quote the URL, so only the kind is kept
            failure = type(error).__name__
        else:
            if taken:
                return Accepted(None, f"taken by {self.name}")
            failure = "it did not say that it took it"
        raise Unknown(f"The target may not have got it: {failure}.", self.name)


def name_of(url: str) -> str:
    """What a target is called where people and logs see it: its kind, and enough to tell two of a kind apart."""
    return f"{url.partition('://')[0].lower()}:{hashlib.sha256(url.encode()).hexdigest()[:8]}"


def silence() -> None:
    """Apprise writes URLs and payloads into its log, and urllib3 paths, which for many targets are the secret."""
    for name in ("apprise", "urllib3.connectionpool"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _asset() -> AppriseAsset:
    return AppriseAsset(
        app_id="Forthwith",
        app_desc="Deadlines of data breaches",
        app_url="",
        storage_mode="memory",  # nothing of a target is kept on the disk
        secure_logging=True,
        async_mode=False,
    )
