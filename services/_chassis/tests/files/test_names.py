from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.files.names import content_name, is_name, new_name

DIGITS = "0123456789abcdef" * 2


def test_a_new_name_is_one_that_nobody_has() -> None:
    names = {new_name("exports/batches", "csv") for _ in range(100)}
    assert len(names) == 100
    assert all(is_name(name) for name in names)


def test_the_same_content_has_the_same_name() -> None:
    assert content_name("images", DIGITS * 2, "png") == f"images/{DIGITS * 2}.png"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            "a",
            f"{DIGITS}.csv",
            f"/{DIGITS}.csv",
            f"../{DIGITS}.csv",
            f"a/../{DIGITS}.csv",
            f"a//{DIGITS}.csv",
        ),
        *(
            f"/a/{DIGITS}.csv",
            f"a/./{DIGITS}.csv",
            f".hidden/{DIGITS}.csv",
            f"A/{DIGITS}.csv",
            f"é/{DIGITS}.csv",
        ),
        *(f"a/{DIGITS}", f"a/{DIGITS}.exe", f"a/{DIGITS}.html", f"a/{DIGITS}.svg", f"a/{DIGITS}.csv.exe"),
        *(f"a/{DIGITS}.csv\n", f"a/{DIGITS}.csv/", f"a/{DIGITS[1:]}.csv", "a/export.csv", f"a\\{DIGITS}.csv"),
        *(f"a\0/{DIGITS}.csv", f"%2e%2e/{DIGITS}.csv", "a/" * 100 + f"{DIGITS}.csv", "-a/" + DIGITS + ".csv"),
    ],
)
def test_what_climbs_guesses_or_runs_is_no_name(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize(
    ("folder", "extension"), [("..", "csv"), ("a/..", "csv"), ("a", "html"), ("a", ""), ("", "csv")]
)
def test_no_name_is_made_that_is_none(folder: str, extension: str) -> None:
    with pytest.raises(ValueError, match="name of a file"):
        new_name(folder, extension)


FOLDERS = st.text("./\\ab01_-", max_size=8)
"""Folders, and what a path would climb by."""


@given(FOLDERS, st.sampled_from([DIGITS, DIGITS * 2]), st.sampled_from(["csv", "png", "./csv"]))
def test_whatever_is_a_name_stays_below_its_folder(folder: str, digits: str, extension: str) -> None:
    text = f"{folder}/{digits}.{extension}"
    below = Path("/files", text).resolve().is_relative_to(f"/files/{folder}")
    is_plain = all(part and part[0] in "ab01" for part in folder.split("/")) and not set(folder) & set(".\\")
    assert is_name(text) == (is_plain and extension != "./csv")
    assert below or not is_name(text)
