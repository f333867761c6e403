"""What is handed in is what its bytes say, whatever it is called; its name is made harmless."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import UploadFile

from actions.errors import Conflict
from web.uploads import LIST_BYTES, PROOF_BYTES, kept_for_now, proof_of

PNG, JPG, PDF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"%PDF-1.7\n"


def handed_in(data: bytes, name: str | None) -> tuple[str, bytes]:
    return proof_of(UploadFile(io.BytesIO(data), filename=name))


@pytest.mark.parametrize(
    ("data", "name", "kept"),
    [
        (PDF, "Receipt.pdf", "Receipt.pdf"),
        (PDF, "receipt.html", "receipt.pdf"),
        (PNG, "x.pdf", "x.png"),
        (JPG, "x", "x.jpg"),
        (b"Received: from mail.example.org\r\n\r\nyes", "x.eml", "x.eml"),
        ("Angekommen, danke für alles".encode(), "x.txt", "x.txt"),
        (PDF, "../../etc/passwd", "passwd.pdf"),
        (PDF, "..\\..\\boot.ini", "boot.pdf"),
        (PDF, 'a"; filename="evil.exe', "a-filename-evil.pdf"),
        (PDF, "a\r\nset-cookie: x=y.pdf", "a-set-cookie-x-y.pdf"),
        (PDF, "…", "proof.pdf"),
        (PDF, ".htaccess", "htaccess.pdf"),
        (PDF, None, "proof.pdf"),
        (PDF, "x" * 300, "x" * 60 + ".pdf"),
    ],
)
def test_a_proof_is_named_by_what_it_is(data: bytes, name: str | None, kept: str) -> None:
    assert handed_in(data, name) == (kept, data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"<!doctype html><script>", "neither"),
        (b"\xef\xbb\xbf  <html>", "neither"),
        (b"<svg onload=x>", "neither"),
        (b"PK\x03\x04", "neither"),
        (b"MZ\x90\x00", "neither"),
        (b"GIF89a\x00", "neither"),
        (b"\xfe\xff\x00<\x00h", "neither"),
        (PDF + b"x" * PROOF_BYTES, "larger than 10 MB"),
    ],
)
@pytest.mark.parametrize("name", ["receipt.pdf", "receipt.png"])
def test_what_is_no_proof_is_refused_whatever_it_is_called(data: bytes, says: str, name: str) -> None:
    with pytest.raises(Conflict, match=says):
        handed_in(data, name)


@given(data=st.binary(max_size=64) | st.text(max_size=64).map(str.encode), name=st.text(max_size=80))
def test_whatever_is_handed_in_is_kept_as_it_is_under_a_harmless_name_or_refused(data: bytes, name: str) -> None:
    try:
        kept, held = handed_in(data, name)
    except Conflict:
        return
    assert held == data
    assert re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,59}\.(pdf|png|jpg|eml|txt)", kept), kept
    assert not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")


def test_a_list_is_a_file_that_only_we_can_read_and_gone_afterwards() -> None:
    with kept_for_now(UploadFile(io.BytesIO(b"kind,name\n"), filename="../../x.csv"), ".csv") as path:
        assert path.read_bytes() == b"kind,name\n"
        assert path.stat().st_mode & 0o077 == 0
        assert path.suffix == ".csv"
    assert not path.exists()


def test_a_list_that_is_too_large_is_refused_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert LIST_BYTES >= 100_000_000, "a million people fit in one list"
    monkeypatch.setattr("web.uploads.LIST_BYTES", 1000)
    with (
        pytest.raises(Conflict, match="larger"),
        kept_for_now(UploadFile(io.BytesIO(b"x" * 1001), filename="x.csv"), ".csv"),
    ):
        pytest.fail("it was taken")
