"""What is left of a person's credit, to the cent: caps by domain, regional envelope first.

Sources: domain.md §2.4 (caps, expiry, spent), S1 (regional credits: a labelled envelope with a
perimeter). Amounts are integer cents; an envelope is active while `expires_at > now`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking.domain.refusals import DigitalCapReached, InsufficientCredit, PhysicalCapReached
from booking.domain.subcategories import Deposit

CreditRefusal = InsufficientCredit | DigitalCapReached | PhysicalCapReached


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is to be paid: the total of a booking, the cap it counts in, and where it happens."""

    total_cents: int
    deposit: Deposit = Deposit.NONE
    subcategory_id: str = ""
    department_code: str | None = None


@dataclass(frozen=True, slots=True)
class Perimeter:
    """Where labelled money may be spent; an empty set restricts nothing."""

    departments: frozenset[str] = frozenset()
    subcategories: frozenset[str] = frozenset()

    def covers(self, purchase: Purchase) -> bool:
        return (not self.departments or purchase.department_code in self.departments) and (
            not self.subcategories or purchase.subcategory_id in self.subcategories
        )


@dataclass(frozen=True, slots=True)
class Envelope:
    """One grant and what was spent of it. A cap of None does not bite."""

    id: str
    granted_cents: int
    expires_at: datetime | None = None
    digital_cap_cents: int | None = None
    physical_cap_cents: int | None = None
    spent_cents: int = 0
    digital_spent_cents: int = 0
    physical_spent_cents: int = 0
    perimeter: Perimeter | None = None

    @property
    def is_regional(self) -> bool:
        return self.perimeter is not None

    def is_active(self, now: datetime) -> bool:
        return self.expires_at is None or self.expires_at > now

    def remaining_cents(self, now: datetime) -> int:
        """What is left of the whole grant: never negative, nothing once expired."""
        return max(self.granted_cents - self.spent_cents, 0) if self.is_active(now) else 0

    def cap_cents(self, deposit: Deposit) -> int | None:
        if deposit is Deposit.DIGITAL:
            return self.digital_cap_cents
        if deposit is Deposit.PHYSICAL:
            return self.physical_cap_cents
        return None

    def remaining_in_cents(self, deposit: Deposit, now: datetime) -> int:
        """What is left for a domain: min(max(cap − spent in it, 0), what is left overall)."""
        overall = self.remaining_cents(now)
        cap = self.cap_cents(deposit)
        if cap is None:
            return overall
        spent = self.digital_spent_cents if deposit is Deposit.DIGITAL else self.physical_spent_cents
        return min(max(cap - spent, 0), overall)

    def moved(self, debit: "Debit", sign: int) -> "Envelope":
        """The envelope after a debit (`sign` 1) or its exact return (`sign` −1)."""
        cents = sign * debit.cents
        return replace(
            self,
            spent_cents=self.spent_cents + cents,
            digital_spent_cents=self.digital_spent_cents + cents * (debit.deposit is Deposit.DIGITAL),
            physical_spent_cents=self.physical_spent_cents + cents * (debit.deposit is Deposit.PHYSICAL),
        )


@dataclass(frozen=True, slots=True)
class Debit:
    """What one booking takes from one envelope; kept with it, so that it can be given back."""

    envelope_id: str
    cents: int
    deposit: Deposit


def still_paid(debits: Sequence[Debit], given_back_cents: int) -> tuple[Debit, ...]:
    """What each credit has spent on a booking of which finance incidents gave a part back.

    `debits` is what was taken when it was booked, `given_back_cents` the sum over its validated incidents of
    what was booked less the right amount: one that is only created, or was cancelled, gives nothing. Who paid
    last is given back first, as if the right amount had been asked for; never less than nothing nor more
    than was taken. What is spent of a credit is the sum of these over the bookings that are not cancelled;
    cancelling one gives these back, not its price.
    Source: M bookings/models.py get_deposit_balance (2023+).
    """
    left = max(sum(debit.cents for debit in debits) - given_back_cents, 0)
    paid = []
    for debit in debits:
        part = min(debit.cents, left)
        left -= part
        if part:
            paid.append(replace(debit, cents=part))
    return tuple(paid)


@dataclass(frozen=True, slots=True)
class Wallet:
    """Every envelope of a person: labelled ones, and grants of which the newest comes last."""

    envelopes: tuple[Envelope, ...] = ()

    def current(self, now: datetime) -> Envelope | None:
        """The deposit in use: the newest active one that is no regional envelope."""
        deposits = [e for e in self.envelopes if not e.is_regional and e.is_active(now)]
        return deposits[-1] if deposits else None

    def regional_part(self, purchase: Purchase, now: datetime) -> tuple[Debit, ...]:
        """What labelled money pays first, within its perimeter and in the order it was granted."""
        left, debits = purchase.total_cents, []
        for envelope in self.envelopes:
            if envelope.perimeter is None or not envelope.perimeter.covers(purchase):
                continue
            part = min(left, envelope.remaining_cents(now))
            if part:
                debits.append(Debit(envelope.id, part, Deposit.NONE))
                left -= part
        return tuple(debits)

    def _asked_of_deposit(self, purchase: Purchase, now: datetime) -> int:
        return purchase.total_cents - sum(debit.cents for debit in self.regional_part(purchase, now))

    def lacks_credit(self, purchase: Purchase, now: datetime) -> CreditRefusal | None:
        """Refused without any grant ever, even for a free offer; else only when something is missing.

        An expired credit still books free offers (0 ≤ 0), the exact remainder may be spent.
        """
        if not self.envelopes:
            return InsufficientCredit(missing_cents=purchase.total_cents, remaining_cents=0)
        asked, deposit = self._asked_of_deposit(purchase, now), self.current(now)
        remaining = deposit.remaining_cents(now) if deposit else 0
        if asked > remaining:
            regional = purchase.total_cents - asked
            return InsufficientCredit(missing_cents=asked - remaining, remaining_cents=remaining + regional)
        return None

    def exceeds_cap(self, deposit: Deposit, purchase: Purchase, now: datetime) -> CreditRefusal | None:
        """Whether what the deposit has to pay goes beyond the cap of that domain."""
        envelope = self.current(now)
        if purchase.deposit is not deposit or envelope is None:
            return None
        cap = envelope.cap_cents(deposit)
        remaining = envelope.remaining_in_cents(deposit, now)
        if cap is None or self._asked_of_deposit(purchase, now) <= remaining:
            return None
        if deposit is Deposit.DIGITAL:
            return DigitalCapReached(cap_cents=cap, remaining_cents=remaining)
        return PhysicalCapReached(cap_cents=cap, remaining_cents=remaining)

    def refuse(self, purchase: Purchase, now: datetime) -> CreditRefusal | None:
        """Checks 6a, 6b, 6c of domain.md §4.1, in that order."""
        return (
            self.lacks_credit(purchase, now)
            or self.exceeds_cap(Deposit.DIGITAL, purchase, now)
            or self.exceeds_cap(Deposit.PHYSICAL, purchase, now)
        )

    def debits_for(self, purchase: Purchase, now: datetime) -> tuple[Debit, ...]:
        """Who pays what of a purchase that `refuse` lets through; a free one takes from nobody."""
        regional = self.regional_part(purchase, now)
        rest, deposit = self._asked_of_deposit(purchase, now), self.current(now)
        if rest and deposit is not None:
            return (*regional, Debit(deposit.id, rest, purchase.deposit))
        return regional

    def after(self, debits: Iterable[Debit]) -> "Wallet":
        return self._moved(debits, 1)

    def after_return_of(self, debits: Iterable[Debit]) -> "Wallet":
        """A cancellation gives back exactly what was taken, to whom it was taken from."""
        return self._moved(debits, -1)

    def _moved(self, debits: Iterable[Debit], sign: int) -> "Wallet":
        envelopes = {envelope.id: envelope for envelope in self.envelopes}
        for debit in debits:
            envelopes[debit.envelope_id] = envelopes[debit.envelope_id].moved(debit, sign)
        return Wallet(tuple(envelopes.values()))
