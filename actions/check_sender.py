"""Asks before approval whether receiving servers will believe our sender; asks nobody while messages stay in the building."""

from functools import lru_cache

from actions import clock
from channels.sender_dns import Seen, Sender, look_up
from settings.model import Settings

KEPT_SECONDS = 600
INCLUDES = {"sendgrid": "sendgrid.net"}
SELECTORS = {"sendgrid": ("s1", "s2")}
"""What SendGrid calls its keys unless told otherwise."""


def check_sender(settings: Settings) -> tuple[Seen, ...]:
    """SPF, DKIM and DMARC of the sender's domain; nothing for the outbox, nor for Notify, which sends from its own domain. An answer is kept for ten minutes."""
    way, domain = settings.email_channel, settings.from_address.rpartition("@")[2].strip().lower()
    if way in ("outbox", "notify") or not domain:
        return ()
    sender = Sender(
        domain=domain,
        includes=INCLUDES.get(way, ""),
        selectors=tuple(settings.dkim_selectors) or SELECTORS.get(way, ()),
        bounce_domain=settings.bounce_address.rpartition("@")[2] if way == "smtp" else "",
        nameserver=settings.dns_server,
    )
    return _kept(sender, int(clock.ticks() // KEPT_SECONDS))


@lru_cache(maxsize=16)
def _kept(sender: Sender, _moment: int) -> tuple[Seen, ...]:
    return tuple(look_up(sender))
