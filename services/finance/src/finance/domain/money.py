"""Shares of an amount, rounded to the cent (domain.md §5.1, Rounding)."""

FULL_RATE_BP = 10_000
"""100 % in basis points, the unit of every rate of this context."""


def share(amount_cents: int, rate_bp: int) -> int:
    """`rate_bp` of `amount_cents`, to the nearest cent, half away from zero.

    9.99 € at 95 % is 9.49 €; 10.30 € at 95 % is 9.785 €, paid 9.79 €. Exact: integers only.
    """
    half = FULL_RATE_BP // 2
    if amount_cents < 0:
        return -((-amount_cents * rate_bp + half) // FULL_RATE_BP)
    return (amount_cents * rate_bp + half) // FULL_RATE_BP


def percent(rate_bp: int) -> str:
    """A rate as the exports show it: `95%`, `92,5%` (domain.md §5.4, column *Barème*)."""
    whole, rest = divmod(rate_bp, 100)
    return f"{whole},{rest:02d}".rstrip("0") + "%" if rest else f"{whole}%"
