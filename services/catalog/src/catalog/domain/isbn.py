"""International standard book numbers, kept in their 13-digit form (domain.md §3.1, §3.2)."""

from chassis.identifiers import Flaw, read_isbn


def normalised_isbn(text: str) -> str | None:
    """The 13 bare digits of a valid number of 13 or 10 signs, whatever stands between them; else None."""
    number = read_isbn(text)
    return None if isinstance(number, Flaw) else number
