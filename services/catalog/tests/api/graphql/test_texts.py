import pytest

from catalog.api.graphql.texts import one_line, one_line_or_none


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Nuit   du jazz\t", "Nuit du jazz"),
        ("Concert\r\nBcc: quelqu.un@ailleurs.example", "Concert Bcc: quelqu.un@ailleurs.example"),
        ("Con\x00cert\x1b[31m", "Concert[31m"),
        ("ليلة 🎷", "ليلة 🎷"),
    ],
)
def test_a_name_is_one_line(typed, kept):
    assert one_line(typed) == kept


def test_nothing_left_is_nothing():
    assert one_line_or_none(" \n\x07 ") is None
    assert one_line_or_none(None) is None
