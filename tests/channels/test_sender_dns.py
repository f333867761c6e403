"""What receiving servers will see of our sender, asked of a name server on loopback; silence is no verdict."""

from collections.abc import Mapping, Sequence

import pytest

from actions.check_sender import check_sender
from channels import sender_dns
from channels.sender_dns import Sender, look_up
from settings.model import Settings
from tests.fakes import dns

D = "example.org"
GOOD: dict[str, Sequence[str]] = {
    D: ["some-other=text", "v=spf1 include:sendgrid.net -all"],
    f"s1._domainkey.{D}": ["@s1.domainkey.u1.wl.sendgrid.net"],
    "s1.domainkey.u1.wl.sendgrid.net": ["k=rsa; t=s; p=MIGfMA0GCSq"],
    f"_dmarc.{D}": ["v=DMARC1; p=reject; rua=mailto:d@example.org"],
}
SENDER = Sender(D, "sendgrid.net", ("s1", "s2"))


def states(records: Mapping[str, Sequence[str]], fault: str = "", sender: Sender = SENDER) -> dict[str, str]:
    with dns.running(records, fault=fault) as server:
        asked = Sender(sender.domain, sender.includes, sender.selectors, sender.bounce_domain, server)
        return {seen.what: seen.state for seen in look_up(asked)}


def test_a_domain_that_is_set_up_is_well() -> None:
    assert states(GOOD) == {"SPF": "well", "DKIM": "well", "DMARC": "well"}


@pytest.mark.parametrize(
    ("changed", "what", "state"),
    [
        ({D: ["nothing"]}, "SPF", "wrong"),
        ({D: ["v=spf1 -all", "v=spf1 ~all"]}, "SPF", "wrong"),
        ({D: ["v=spf1 include:sendgrid.net +all"]}, "SPF", "wrong"),
        ({D: ["v=spf1 include:mail.example.com -all"]}, "SPF", "note"),
        ({"s1.domainkey.u1.wl.sendgrid.net": ["k=rsa; p="]}, "DKIM", "wrong"),
        ({f"s1._domainkey.{D}": ["nothing"]}, "DKIM", "wrong"),
        ({f"_dmarc.{D}": ["v=DMARC1; p=none"]}, "DMARC", "note"),
        ({f"_dmarc.{D}": ["v=DMARC1"]}, "DMARC", "wrong"),
        ({f"_dmarc.{D}": ["nothing"]}, "DMARC", "wrong"),
    ],
)
def test_each_fault_is_named_and_leaves_the_others_as_they_are(
    changed: dict[str, Sequence[str]], what: str, state: str
) -> None:
    assert states(GOOD | changed) == {"SPF": "well", "DKIM": "well", "DMARC": "well"} | {what: state}


def test_a_subdomain_is_covered_by_the_policy_above_it() -> None:
    notices = Sender(f"notices.{D}", selectors=("x",))
    records = {
        f"_dmarc.{D}": ["v=DMARC1; p=quarantine"],
        f"notices.{D}": ["v=spf1 mx -all"],
        f"x._domainkey.notices.{D}": ["p=AAAA"],
    }
    assert states(records, sender=notices) == {"SPF": "well", "DKIM": "well", "DMARC": "well"}


def test_bounces_to_another_domain_are_noted() -> None:
    assert states(GOOD, sender=Sender(D, bounce_domain="elsewhere.example.com"))["SPF"] == "note"
    assert states(GOOD, sender=Sender(D, bounce_domain=f"bounces.{D}"))["SPF"] == "well"


@pytest.mark.parametrize("fault", ["silent", "servfail", "garbage"])
def test_a_name_server_that_fails_gives_no_verdict(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_dns, "SECONDS", 0.3)
    assert set(states(GOOD, fault).values()) == {"unasked"}


def test_nobody_is_asked_while_messages_stay_in_the_building(monkeypatch: pytest.MonkeyPatch, tmp_path: str) -> None:
    def asked(_: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(sender_dns._Asker, "texts", asked)
    assert check_sender(Settings(from_address=f"n@{D}")) == ()


def test_the_settings_name_what_is_looked_up() -> None:
    with dns.running(GOOD) as server:
        settings = Settings(email_channel="sendgrid", from_address=f"notices@{D}", dns_server=server)
        assert [seen.state for seen in check_sender(settings)] == ["well"] * 3
