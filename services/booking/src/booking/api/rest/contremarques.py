"""The cash-register API, version 2: what tills ask about a contremarque (domain.md §4.4, capabilities.md §7.1)."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from booking.domain import refusals
from booking.domain.rest import SUCCESS, USE_STATUSES, Operation, status_of
from booking.domain.till import EVENT_OR_GOOD, Formula, formula_of
from booking.domain.usage import refuse_use
from booking.persistence import till
from booking.persistence.records import BookingRecord
from booking.persistence.till import TillFacts
from booking.usecases.find_contremarque import Desk, TooManyAttempts, count_attempt, find_contremarque
from chassis import public_numbers
from chassis.auth import TEAM
from chassis.clock import iso
from chassis.public_numbers import humanize
from chassis.rest import Answer, Call, Endpoint, Outcome, Refused, RestModel, Scheme, forbidden, too_many

_WINDOW_SECONDS = 60


class ByToken(RestModel):
    token: str = Field(
        description="Les six caractères que le bénéficiaire présente, en minuscules ou majuscules."
    )


class Contremarque(RestModel):
    """Names, emptiness and units are those of the API that tills already know."""

    booking_id: str = Field(description="Identifiant public de la réservation.")
    date_of_birth: date | None
    datetime: str = Field(description="Début de l'évènement, ISO 8601 en UTC ; vide pour un bien.")
    ean13: str | None
    email: str | None
    formula: Formula | None = Field(description="Cinéma : place ou abonnement.")
    is_used: bool
    offer_id: int | None = Field(description="Absent tant que le catalogue ne l'a pas fait connaître.")
    public_offer_id: str | None
    offer_name: str
    offer_type: Literal["EVENEMENT", "BIEN"]
    phone_number: str | None
    price: float = Field(description="Prix unitaire, en euros.")
    price_category_label: str | None
    quantity: int
    theater: Literal[""] = ""
    user_name: str
    first_name: str | None
    last_name: str | None
    venue_address: str | None
    venue_department_code: str | None
    venue_name: str | None

    @classmethod
    def of(cls, record: BookingRecord, facts: TillFacts, number: int) -> "Contremarque":
        booking, offer_number = record.rules, facts.offer_number
        return cls(
            booking_id=humanize(number),
            date_of_birth=facts.birth_date,
            datetime=iso(record.starts_at) or "",
            ean13=facts.isbn,
            email=record.email,
            formula=formula_of(booking),
            is_used=booking.was_used,
            offer_id=offer_number,
            public_offer_id=None if offer_number is None else humanize(offer_number),
            offer_name=record.offer_name,
            offer_type=EVENT_OR_GOOD,
            phone_number=record.phone,
            price=record.unit_price_cents / 100,
            price_category_label=record.price_label,
            quantity=record.quantity,
            user_name=" ".join(filter(None, (record.first_name, record.last_name))),
            first_name=record.first_name,
            last_name=record.last_name,
            venue_address=facts.venue_street,
            venue_department_code=facts.venue_department_code,
            venue_name=facts.venue_name,
        )


async def check(call: Call[ByToken]) -> Outcome:
    """Whether the contremarque can be validated now, and for whom and what; nothing is changed."""
    desk, runtime = await _desk_of(call), call.runtime
    async with runtime.database.read() as connection:
        record = await find_contremarque(connection, call.path.token, desk)
        if record is None:
            return _refused(refusals.ContremarqueNotFound(), call.now)
        refusal = refuse_use(record.rules, call.now, record.timezone)
        if refusal is not None:
            return _refused(refusal, call.now)
        facts = await till.facts_of(connection, record.id)
        number = await public_numbers.number_of(connection, "bookings", record.id)
    assert number is not None, "a booking is never deleted"
    return Answer(Contremarque.of(record, facts, number), SUCCESS[Operation.SHOW])


async def _desk_of(call: Call[Any, Any, Any]) -> Desk:
    """The pro who asks, one attempt counted, with those of the GraphQL Guichet. Raises Problem."""
    person, runtime = call.principal("pro"), call.runtime
    if not person.roles.isdisjoint(TEAM):
        forbidden("L'équipe du pass Culture n'agit pas à la place d'une structure.")
    desk = Desk(person.person_id, person.structure_ids, runtime.place_of(call.client_address))
    async with runtime.database.read() as connection:
        try:
            await count_attempt(connection, runtime.settings, desk, runtime.clock.now())
        except TooManyAttempts:
            too_many(_WINDOW_SECONDS, "Trop d'essais : attendez une minute avant de recommencer.")
    return desk


def _refused(refusal: refusals.BookingRefusal, now: datetime) -> Refused:
    """With the status of its day, and said once more under the key where tills have always read it."""
    status = status_of(refusal, Operation.SHOW, now)
    return Refused(refusal, status, members={refusal.key: [refusal.message]})


CHECK = Endpoint(
    method="GET",
    path="/v2/bookings/token/{token}",
    operation="checkContremarque",
    summary="Vérifier une contremarque sans la valider",
    description=(
        "Répond 404 de la même façon pour une contremarque inconnue et pour celle d'une autre structure. "
        "Les essais sont comptés, par personne et par adresse."
    ),
    handle=check,
    path_model=ByToken,
    answers={SUCCESS[Operation.SHOW]: Contremarque},
    refusals={kind: status for kind, status in USE_STATUSES.rows[-1].value.items()},  # noqa: C416  # a wider key
    schemes=(Scheme.SESSION,),
)
