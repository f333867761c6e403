"""The settings of a service at GOV.UK Notify, for e-mail and for letters that it prints and posts."""

import re
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings


class NotifySettings(BaseSettings):
    """Part of the settings of a deployment."""

    letter_channel: Literal["outbox", "notify"] = Field(
        "outbox", description="The way letters leave: outbox, for printing here, or notify."
    )
    notify_api_key: SecretStr = Field(SecretStr(""), description="GOV.UK Notify API key of the service.")
    notify_email_template: str = Field(
        "", description="Id of the Notify template whose subject is ((subject)) and whose message is ((body))."
    )
    notify_reply_to: str = Field("", description="Id of a reply-to address at Notify; empty means the service's own.")
    notify_postage: Literal["first", "second", "economy"] = Field(
        "second", description="Postage of letters through Notify: first, second or economy."
    )
    notify_host: str = Field(
        "https://api.notifications.service.gov.uk",
        description="Where Notify's API is; https, or plain http on loopback.",
    )
    notify_callback_token: SecretStr = Field(
        SecretStr(""), description="The bearer token that Notify's callbacks must bring; empty refuses them."
    )

    @field_validator("notify_callback_token")
    @classmethod
    def _hard_to_guess_token(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(r"([A-Za-z0-9_-]{16,128})?", token.get_secret_value()):
            raise ValueError("must be 16 to 128 of a-z A-Z 0-9 _ -, such as what 'openssl rand -hex 16' prints")
        return token
