"""What a browser is told of a file, and what it is saved as."""

import re
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.files.media import MEDIA_TYPES, content_disposition, safe_filename


@pytest.mark.parametrize(
    ("wanted", "saved"),
    [
        ("Remboursements – avril.csv", "Remboursements – avril.csv"),
        ("../../etc/passwd", "etc-passwd.csv"),
        (r"C:\Windows\evil.exe", "C--Windows-evil.exe.csv"),
        ("a\r\nSet-Cookie: b", "aSet-Cookie- b.csv"),
        ("facture\u202egpj.exe", "facturegpj.exe.csv"),
        (".bashrc", "bashrc.csv"),
        ("CON", "_CON.csv"),
        ("nul.txt", "_nul.txt.csv"),
        ("", "fichier.csv"),
        ("...", "fichier.csv"),
        ('say "hi" %41', "say -hi- -41.csv"),
        ("x" * 500, "x" * 120 + ".csv"),
        ("e\u0301t\u00e9", "été.csv"),
    ],
)
def test_a_file_is_saved_under_a_plain_name_with_our_extension(wanted: str, saved: str) -> None:
    assert safe_filename(wanted, "csv") == saved


@given(st.text())
def test_any_wish_gives_a_header_that_says_one_plain_name(wanted: str) -> None:
    saved = safe_filename(wanted, "csv")
    header = content_disposition(saved, "csv")
    assert re.fullmatch(
        r"attachment; filename=\"[ -!#-~]+\"; filename\*=UTF-8''[A-Za-z0-9%!#$&+.^_`|~-]+", header
    )
    assert unquote(header.partition("UTF-8''")[2]) == saved
    message = Message()
    message["content-disposition"] = header
    assert message.get_content_disposition() == "attachment"
    assert not saved.startswith((".", " "))
    assert not set("/\\\r\n\0") & set(saved)


def test_only_images_without_scripts_are_shown_in_place() -> None:
    shown = {
        extension for extension in MEDIA_TYPES if content_disposition("a", extension).startswith("inline")
    }
    assert shown == {"jpg", "png", "webp", "gif", "avif"}
    assert not {"svg", "html", "htm", "xhtml", "js", "mjs", "css", "swf", "exe"} & set(MEDIA_TYPES)
