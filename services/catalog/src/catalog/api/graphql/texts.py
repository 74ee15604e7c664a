"""Texts as clients send them."""


def tidy(text: str) -> str:
    """Without surrounding blanks, and without the NUL that PostgreSQL cannot store."""
    return text.replace("\x00", "").strip()


def tidy_or_none(text: str | None) -> str | None:
    """As `tidy`; nothing left is None."""
    return (tidy(text) or None) if text is not None else None
