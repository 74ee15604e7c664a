"""What a decision of the domains costs: none should take 50 µs, and pricing is to pass 200 000 bookings a second.

./pass bench rules
"""

import timeit
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from meter import publish

from booking.domain import automatic, cancellation, contremarque, policies, usage
from booking.domain.booking import Booking, Status
from booking.domain.stock import Stock
from booking.domain.subcategories import subcategory_of
from booking.domain.wallet import Envelope, Wallet
from catalog.domain import status, visibility
from catalog.domain.compliance import OfferValidation
from catalog.domain.facts import OfferFacts, PlaceFacts, StockFacts, StructureStatus
from finance.domain import ledger
from finance.domain.bookings import UsedBooking
from finance.domain.calendar import Fortnight
from finance.domain.pricing import Pricer
from identity.domain import company_numbers, passwords
from identity.domain.file_steps import BeneficiaryFile, CheckStatus, StepPolicy
from identity.domain.granting import Candidate, decide_grant

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
NOBODY = UUID(int=0)
COLUMNS = ("context", "decision", "µs", "per second")


def booking_decisions() -> dict[str, Callable[[], Any]]:
    concert = subcategory_of("CONCERT")
    starts_at = NOW + timedelta(days=20)
    attempt = policies.Attempt(
        now=NOW,
        quantity=1,
        stock=Stock(10_00, capacity=100, taken=3, starts_at=starts_at, booking_limit_at=starts_at),
        subcategory=concert,
        booker=policies.Booker(True, False, Wallet((Envelope("w", 150_00, digital_cap_cents=50_00),))),
    )
    limit = cancellation.cancellation_limit(concert, starts_at, NOW)
    held = Booking(NOBODY, Status.CONFIRMED, concert, NOW, starts_at, cancellation_limit_at=limit)
    return {
        "may it be booked (§4.1)": lambda: policies.first_refusal(attempt),
        "until when it can be undone (§4.3)": lambda: cancellation.cancellation_limit(
            concert, starts_at, NOW
        ),
        "may it be validated (§4.4)": lambda: usage.refuse_use(held, NOW, "Europe/Paris"),
        "when it expires (§4.5)": lambda: automatic.expires_on(subcategory_of("LIVRE_PAPIER"), NOW),
        "a contremarque (§4.2)": contremarque.write,
    }


def catalog_decisions() -> dict[str, Callable[[], Any]]:
    starts_at = NOW + timedelta(days=20)
    stock = StockFacts(10_00, 100, starts_at=starts_at, booking_limit_at=starts_at)
    offer = OfferFacts(OfferValidation.APPROVED, True, (stock,) * 4, published_at=NOW - timedelta(days=1))
    place = PlaceFacts(StructureStatus.VALIDATED)
    return {
        "status of an offer (§3.2)": lambda: status.offer_status(offer, NOW),
        "is it searchable (§3.4)": lambda: visibility.is_searchable(offer, place, NOW),
        "why is it not visible (§3.4)": lambda: visibility.missing_for_offer(offer, place, NOW),
    }


def identity_decisions() -> dict[str, Callable[[], Any]]:
    complete = BeneficiaryFile(18, True, CheckStatus.ACCEPTED, True, True)
    candidate = Candidate(date(2008, 5, 1), "67", NOW, complete)
    return {
        "what credit is due (§2.4)": lambda: decide_grant(candidate, NOW, StepPolicy()),
        "is it a SIRET (§2.5)": lambda: company_numbers.check_siret("73282932000074", "732829320"),
        "is it a password (§2.7)": lambda: passwords.check_password("Abcdefgh123!", NOW),
    }


def finance_decisions() -> dict[str, Callable[[], Any]]:
    used = UsedBooking(NOBODY, NOBODY, NOBODY, NOBODY, NOBODY, "CONCERT", 20_00, 1, NOW, NOW)
    pricer = Pricer()
    return {
        "what is paid for it (§5.1)": lambda: pricer.price(used),
        "its ledger entries (§5.5)": lambda: ledger.priced(20_00, 18_40),
        "its fortnight (§5.3)": lambda: Fortnight.containing(NOW.date()).cutoff,
    }


def main() -> None:
    contexts = {
        "identity": identity_decisions(),
        "catalog": catalog_decisions(),
        "booking": booking_decisions(),
        "finance": finance_decisions(),
    }
    rows = []
    for context, decisions in contexts.items():
        for name, decide in decisions.items():
            seconds = min(timeit.repeat(decide, number=2000, repeat=5)) / 2000
            rows.append(
                {"context": context, "decision": name, "µs": seconds * 1e6, "per second": round(1 / seconds)}
            )
    publish("rules", "one decision each, the best of five", COLUMNS, rows)


if __name__ == "__main__":
    main()
