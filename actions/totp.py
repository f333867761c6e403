"""Codes of the second factor (RFC 6238): each is good for about a minute, and once."""

import hmac
from datetime import datetime
from uuid import UUID

import pyotp

from db.models import Account
from db.vault import MasterVault

STEP_SECONDS = 30
DRIFT = 1
"""A phone's clock may be this many steps away from ours."""


def seal_secret(master: MasterVault, account_id: UUID, secret: str) -> bytes:
    """What is kept of a secret."""
    return master.seal(secret.encode(), _place(account_id))


def secret_of(master: MasterVault, account: Account) -> str:
    """The secret that the account's phone holds."""
    if account.totp_sealed is None:
        raise ValueError("this account has no second factor")
    return master.open(account.totp_sealed, _place(account.id)).decode()


def take_code(master: MasterVault, account: Account, code: str, now: datetime) -> bool:
    """Whether this is a code of now that was not taken before; if so it is taken. The account's row must be locked."""
    totp = pyotp.TOTP(secret_of(master, account), interval=STEP_SECONDS)
    given = "".join(code.split()).encode(errors="backslashreplace")
    here = int(now.timestamp()) // STEP_SECONDS
    for step in range(here - DRIFT, here + DRIFT + 1):
        right = hmac.compare_digest(totp.generate_otp(step).encode(), given)
        if right and step > (account.totp_last_step or 0):
            account.totp_last_step = step
            return True
    return False


def _place(account_id: UUID) -> str:
    return f"accounts/totp_sealed/{account_id}"
