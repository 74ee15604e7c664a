"""Texts as clients send them."""

import unicodedata


def tidy(text: str) -> str:
    """Without surrounding blanks, and without the NUL that PostgreSQL cannot store."""
    return text.replace("\x00", "").strip()


def tidy_or_none(text: str | None) -> str | None:
    """As `tidy`; nothing left is None."""
    return (tidy(text) or None) if text is not None else None


def one_line(text: str) -> str:
    """A name: blanks and line ends are single spaces, other control characters gone.

    Names stand in the subjects of mails, in spreadsheets and in transfer orders.
    """
    words = "".join(character for character in text if not _is_mute(character)).split()
    return " ".join(words)


def one_line_or_none(text: str | None) -> str | None:
    """As `one_line`; nothing left is None."""
    return (one_line(text) or None) if text is not None else None


def _is_mute(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and not character.isspace()
