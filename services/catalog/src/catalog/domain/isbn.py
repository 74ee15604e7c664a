"""International standard book numbers, the 13-digit form only (domain.md §3.1, §3.2)."""

from stdnum import isbn as _isbn


def normalised_isbn(text: str) -> str | None:
    """The 13 bare digits of a valid ISBN-13 (spaces and dashes allowed in `text`), else None."""
    digits = text.replace("-", "").replace(" ", "")
    if len(digits) != 13 or not digits.isascii() or not _isbn.is_valid(digits):
        return None
    return digits
