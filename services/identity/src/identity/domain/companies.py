"""A company as the public register of companies knows it (domain.md §2.5)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Company:
    """What is public of a legal unit and its seat; None where the register keeps it from the public."""

    siren: str
    name: str
    is_active: bool
    street: str | None
    """Number and street of the seat, in one line."""
    postal_code: str | None
    city: str | None
