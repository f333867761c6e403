"""The settings of one deployment: environment variables FORTHWITH_*, then settings.toml in the home folder, then defaults."""

import getpass
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from settings.notify import NotifySettings
from settings.sending import SendingSettings
from settings.written import AlarmTarget, FilingPolicy, QuietHours


def _home() -> Path:
    return Path(os.environ.get("FORTHWITH_HOME", "~/.forthwith")).expanduser()


class Settings(SendingSettings, NotifySettings):
    """Each field is one line of the README's table; a house test keeps the two together."""

    model_config = SettingsConfigDict(env_prefix="FORTHWITH_", extra="forbid", frozen=True)

    home: Path = Field(default_factory=_home, description="Folder for everything that is kept outside the database.")
    database_url: str = Field("", repr=False, description="SQLAlchemy URL; empty means SQLite in the home folder.")
    master_key_file: Path | None = Field(
        None, description="File with the master key; empty means master.key in the home folder."
    )
    actor: str = Field(
        default_factory=getpass.getuser, description="Who acts, when a command does not say it with --as."
    )

    organisation: str = Field(
        "Our organisation", description="Name of the organisation as notices and reports show it."
    )
    organisation_address: str = Field(
        "", description="Postal address for letters and reports, lines separated by semicolons."
    )
    registration_number: str = Field("", description="The organisation's ICO registration number, for the report.")
    sector: str = Field("", description="The organisation's business sector, for the report.")
    staff_250_or_more: bool | None = Field(None, description="Whether 250 people or more work here, for the report.")
    entity: dict[str, str | list[str]] = Field(
        {},
        description="What forms ask of the organisation itself, as JSON by the names of the entity.* facts without that word, such as lei and currency.",
    )
    roles: tuple[str, ...] = Field(
        ("controller",), description="Roles that a new incident starts with (rulebook codes)."
    )
    sectors: tuple[str, ...] = Field((), description="Sectors that a new incident starts with (rulebook codes).")
    establishments: tuple[str, ...] = Field(("GB",), description="Countries where the organisation is established.")
    time_zone: str = Field("Europe/London", description="The team's time zone.")

    contact_name: str = Field("", description="Data protection officer or contact point named in notices and reports.")
    contact_role: str = Field(
        "data protection contact", description="What the contact point is in the organisation, as notices say it."
    )
    contact_email: str = Field("", description="E-mail address of the contact point.")
    contact_phone: str = Field("", description="Telephone number of the contact point.")
    owner: str = Field("", description="E-mail of the incident manager who owns a new incident.")
    deputy: str = Field("", description="E-mail of the owner's deputy, told from the second rung on.")
    executive: str = Field("", description="E-mail of the accountable executive, told from the third rung on.")
    data_protection_officer: str = Field(
        "", description="E-mail of the data protection officer, told of every incident."
    )

    email_channel: Literal["outbox", "smtp", "sendgrid", "notify"] = Field(
        "outbox", description="The way e-mail leaves: outbox, smtp, sendgrid or notify (GOV.UK Notify)."
    )
    outbox: Path | None = Field(
        None, description="Folder for .eml and PDF files; empty means outbox in the home folder."
    )
    from_address: str = Field(
        "notices@example.org", description="Sender of notices; use the organisation's own well-known domain."
    )
    from_name: str = Field("", description="Sender's name; empty means the organisation's name.")
    reply_to: str = Field("", description="Staffed mailbox for replies; empty means the contact's e-mail.")
    sendgrid_api_key: SecretStr = Field(SecretStr(""), description="SendGrid API key with the mail.send scope.")
    sendgrid_region: Literal["global", "eu"] = Field(
        "global", description="Where SendGrid keeps the account: global, or eu for a regional subuser."
    )
    sendgrid_host: str = Field("", description="Another host than the region's own; loopback may be plain http.")
    sendgrid_webhook_key: str = Field(
        "", description="SendGrid's verification keys for the event webhook, separated by commas; empty refuses events."
    )
    smtp_host: str = Field("", description="SMTP server.")
    smtp_port: int = Field(587, description="SMTP port.")
    smtp_username: str = Field("", description="SMTP user name.")
    smtp_password: SecretStr = Field(SecretStr(""), description="SMTP password.")
    dkim_selectors: tuple[str, ...] = Field(
        (), description="Selectors of the sending domain's DKIM keys; empty means s1 and s2 for SendGrid."
    )
    dns_server: str = Field(
        "", description="Name server for the sending domain, as ADDRESS#PORT; empty: the machine's."
    )
    bounce_address: str = Field(
        "", description="Failures of SMTP come back to local+ID@domain of this address; empty means to the sender's."
    )
    bounce_folder: Path | None = Field(None, description="Maildir of the bounce address, read every few minutes.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How SMTP is protected; none only on loopback."
    )
    authority_machines: dict[str, str] = Field(
        {},
        description="Where an authority takes reports by machine (JSON over HTTPS), by its key in the rulebook, such as uk/ico.",
    )
    authority_tokens: dict[str, SecretStr] = Field(
        {}, description="The token for an authority's machine, by the same key."
    )
    window: int = Field(
        64, ge=1, le=64, description="Notices in flight at once per worker: the most that a crash can leave unknown."
    )
    rate_per_second: float = Field(50, gt=0, description="Notices per second at most, over all workers.")
    rate_per_hour: float | None = Field(None, ge=12, description="The same in any hour; empty means no such limit.")
    unknown_settles_after_minutes: int = Field(
        60, ge=1, description="How long evidence is awaited before an unknown send may be repeated."
    )

    alarm_targets: tuple[AlarmTarget, ...] = Field(
        (),
        description="Where warnings go beside e-mail, as LEVEL=URL or PERSON=URL with any URL of Apprise; LEVEL 1 hears all, 3 the last rungs only.",
    )
    web_address: str = Field(
        "", description="The dashboard's address as people reach it, for links in messages; empty means this machine's."
    )
    blocked_holds_after: int = Field(
        3, ge=1, description="A wave pauses when so many of its notices were refused because of the sender."
    )
    delay_gives_up_hours: int = Field(
        72, ge=1, description="A message that a mail server puts off for so long counts as failed; sooner near a limit."
    )
    silence_hours: int = Field(
        72, ge=1, description="After so many hours without any word of a message, its delivery counts as not confirmed."
    )
    silence_next_way: bool = Field(
        False, description="Whether people whose delivery was not confirmed are told the next way as well."
    )

    escalation_shares: tuple[int, ...] = Field(
        (50, 75, 90, 100), description="Rungs at these percentages of an obligation's time."
    )
    escalation_hours: tuple[int, ...] = Field((24, 6, 1), description="Rungs at these hours before the limit.")
    escalation_repeat_minutes: tuple[int, ...] = Field(
        (30, 60, 120, 240),
        description="A last rung that nobody acknowledged is told again after these minutes, one level higher.",
    )
    hand_over_shares: tuple[int, ...] = Field(
        (100, 150, 200), min_length=1, description="Rungs at these percentages of a hand-over's target."
    )
    quiet_hours: QuietHours = Field(
        "",
        description="Early warnings wait for the end of these hours in the team's zone, such as 22:00-07:00; last ones never do.",
    )
    file_by_itself: tuple[FilingPolicy, ...] = Field(
        (),
        description="Policies of the dead-man's switch, as AUTHORITY=HOURS;SIGNED BY;SECONDED BY;DATE: so long before the limit the preliminary report is filed when nobody acted.",
    )
    switch_warning_hours: tuple[float, float] = Field(
        (4, 1), description="The dead-man's switch announces itself at these hours before it files."
    )
    hand_over_target_hours: float = Field(4, gt=0, description="Target for each hand-over between people, in hours.")
    target_authority_hours: int = Field(
        24, gt=0, description="Own target for telling an authority where the law says without undue delay, in hours."
    )
    target_individuals_hours: int = Field(
        72, gt=0, description="Own target for telling people where the law says without undue delay, in hours."
    )
    target_update_hours: int = Field(
        168, gt=0, description="Own target for further information to an authority, in hours."
    )
    contact_task_target_hours: float = Field(
        48, gt=0, description="Target for a telephone or in-person contact, in hours after launch."
    )

    contact_tries: int = Field(
        3,
        ge=1,
        description="Tries at a contact after which the safeguarding lead is told; nothing goes another way by itself.",
    )
    safeguarding_lead: str = Field(
        "",
        description="E-mail of the safeguarding lead, told when a contact worries someone or fails; empty means the owner.",
    )

    web_host: str = Field(
        "127.0.0.1", description="Address on which the dashboard listens; anything but loopback belongs behind TLS."
    )
    web_port: int = Field(8400, ge=0, le=65535, description="Port of the dashboard that forthwith up starts.")
    web_behind_proxy: str = Field(
        "",
        description="Address of the proxy that ends TLS for the dashboard and whose X-Forwarded headers count; empty means none.",
    )
    intake_key: SecretStr = Field(
        SecretStr(""),
        description="Whoever has the link /tell/KEY may say without an account that something happened; empty means nobody.",
    )
    prefect_port: int = Field(
        4200, ge=1024, le=65535, description="Loopback port of the Prefect server that forthwith up starts."
    )
    prefect_api_url: str = Field("", description="Prefect API; empty means the server that forthwith up starts.")
    session_idle_minutes: int = Field(
        60, ge=1, description="A browser that asks for nothing for so long is signed out."
    )
    session_hours: int = Field(12, ge=1, description="Everyone signs in again after so many hours.")
    heartbeat_silence_minutes: int = Field(5, ge=2, description="A deadline check older than this raises the alarm.")

    watchdog_seconds: int = Field(60, ge=5, description="How often forthwith watchdog looks, in seconds.")
    watchdog_repeat_minutes: int = Field(
        15, ge=1, description="The watchdog's alarm is repeated so often while nobody watches the deadlines."
    )

    @field_validator("intake_key")
    @classmethod
    def _hard_to_guess(cls, key: SecretStr) -> SecretStr:
        if not re.fullmatch(r"([A-Za-z0-9_-]{16,128})?", key.get_secret_value()):
            raise ValueError("must be 16 to 128 of a-z A-Z 0-9 _ -, such as what 'openssl rand -hex 16' prints")
        return key

    @field_validator("home", "master_key_file", "outbox", "bounce_folder")
    @classmethod
    def _expanded(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is passed in wins over the environment, and that over settings.toml."""
        given: Mapping[str, Any] = init_settings()
        home = Path(given.get("home") or _home())
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, home / "settings.toml")

    @property
    def url(self) -> str:
        """The database's URL, the default filled in."""
        return self.database_url or f"sqlite:///{self.home / 'forthwith.db'}"

    @property
    def key_file(self) -> Path:
        """Where the master key lies."""
        return self.master_key_file or self.home / "master.key"

    @property
    def outbox_folder(self) -> Path:
        """Where the outbox channel writes."""
        return self.outbox or self.home / "outbox"

    @property
    def public_url(self) -> str:
        """Where people reach the dashboard; messages link to it."""
        return f"{(self.web_address or self.web_url).rstrip('/')}/"

    @property
    def sendgrid_webhook_keys(self) -> tuple[str, ...]:
        """The keys that may sign events: two of them while one is being replaced."""
        return tuple(key.strip() for key in self.sendgrid_webhook_key.split(",") if key.strip())

    @property
    def web_url(self) -> str:
        """Where the dashboard is on this machine."""
        return f"http://{self.web_host}:{self.web_port}/"

    @property
    def api_url(self) -> str:
        """Prefect's API address, the default filled in."""
        return self.prefect_api_url or f"http://127.0.0.1:{self.prefect_port}/api"


def load(**given: Any) -> Settings:
    """Read the settings; *given* wins over the environment and the file. Raises pydantic.ValidationError on a bad one."""
    return Settings(**given)
