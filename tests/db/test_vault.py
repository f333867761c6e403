"""What is sealed can be opened by its own key in its own place, and in no other way."""

import hmac
import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from db.vault import IncidentVault, MasterVault, VaultError, make_master_key, read_master_key

KEYS = st.binary(min_size=32, max_size=32)
PLACES = st.text(min_size=1, max_size=60)
SECRET = "Somebody's address"


@given(KEYS, st.binary(max_size=2000), PLACES)
def test_what_was_sealed_comes_back_unchanged(key: bytes, plain: bytes, place: str) -> None:
    vault = IncidentVault(key)
    assert vault.open(vault.seal(plain, place), place) == plain


@given(KEYS, KEYS, st.binary(max_size=200), PLACES)
def test_another_key_opens_nothing(key: bytes, other: bytes, plain: bytes, place: str) -> None:
    if key == other:
        return
    with pytest.raises(VaultError):
        IncidentVault(other).open(IncidentVault(key).seal(plain, place), place)


@given(KEYS, st.binary(max_size=200), PLACES, PLACES)
def test_bytes_moved_to_another_place_do_not_open(key: bytes, plain: bytes, place: str, elsewhere: str) -> None:
    if place == elsewhere:
        return
    with pytest.raises(VaultError):
        IncidentVault(key).open(IncidentVault(key).seal(plain, place), elsewhere)


@given(KEYS, st.binary(max_size=200), st.data())
def test_a_single_changed_bit_is_noticed(key: bytes, plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(IncidentVault(key).seal(plain, "here"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(VaultError):
        IncidentVault(key).open(bytes(sealed), "here")


@given(KEYS, st.binary(max_size=200), st.data())
def test_bytes_cut_short_do_not_open(key: bytes, plain: bytes, data: st.DataObject) -> None:
    sealed = IncidentVault(key).seal(plain, "here")
    with pytest.raises(VaultError):
        IncidentVault(key).open(sealed[: data.draw(st.integers(0, len(sealed) - 1))], "here")


@given(KEYS, st.binary(max_size=200))
def test_sealing_the_same_twice_shows_no_likeness(key: bytes, plain: bytes) -> None:
    vault = IncidentVault(key)
    assert vault.seal(plain, "here") != vault.seal(plain, "here")


@given(KEYS, KEYS, st.text(max_size=50))
def test_a_blind_index_is_equal_within_one_incident_and_purpose_only(key: bytes, other: bytes, value: str) -> None:
    vault = IncidentVault(key)
    assert vault.index(value, "email") == vault.index(value, "email")
    assert vault.index(value, "email") != vault.index(value, "phone")
    assert (vault.index(value, "email") == IncidentVault(other).index(value, "email")) == (key == other)
    assert value.encode() not in vault.index(value, "email") or len(value) < 4


def test_an_incidents_key_opens_under_its_own_incident_only() -> None:
    master = MasterVault(os.urandom(32))
    vault, wrapped = master.new_incident_key("one")
    assert master.unwrap(wrapped, "one") == vault
    with pytest.raises(VaultError):
        master.unwrap(wrapped, "another")
    with pytest.raises(VaultError):
        MasterVault(os.urandom(32)).unwrap(wrapped, "one")


def test_keys_show_in_no_repr() -> None:
    key = bytes(range(32))
    for shown in (repr(IncidentVault(key)), repr(MasterVault(key)), MasterVault(key).key_id):
        assert key.hex() not in shown
        assert repr(key) not in shown


def test_an_error_never_says_what_was_inside() -> None:
    sealed = IncidentVault(b"k" * 32).seal(SECRET.encode(), "people/details/1")
    with pytest.raises(VaultError) as refused:
        IncidentVault(b"x" * 32).open(sealed, "people/details/1")
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_new_master_key_is_readable_by_its_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    make_master_key(path)
    first = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        make_master_key(path)
    assert path.read_bytes() == first
    assert read_master_key(path).key.hex() == first.decode().strip()


@pytest.mark.parametrize("held", [None, b"", b"not hexadecimal\n", b"ab" * 31, b"ab" * 33, b"\xff\xfe"])
def test_a_missing_or_broken_master_key_is_refused_with_its_path_and_not_its_content(
    tmp_path: Path, held: bytes | None
) -> None:
    path = tmp_path / "master.key"
    if held is not None:
        path.write_bytes(held)
    with pytest.raises(VaultError) as refused:
        read_master_key(path)
    assert str(path) in str(refused.value)
    assert not held or held.decode(errors="replace").strip()[:8] not in str(refused.value).replace(str(path), "")


@given(key=st.binary(min_size=32, max_size=32), value=st.text(), purpose=st.sampled_from(["identity", "email", "row"]))
def test_a_blind_index_is_the_plain_hmac_however_it_is_prepared(key: bytes, value: str, purpose: str) -> None:
    own = HKDF(SHA256(), 32, salt=None, info=f"index/{purpose}".encode()).derive(key)
    vault = IncidentVault(key)
    for _ in range(2):
        assert vault.index(value, purpose) == hmac.digest(own, value.encode(), "sha256")
