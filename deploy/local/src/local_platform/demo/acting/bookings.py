"""Booking, the wallet, and the Guichet."""

from typing import Any

from local_platform.demo.gateway_client import GatewayClient, Session

BOOK = """
mutation Book($input: BookOfferInput!, $key: UUID!) {
  bookOffer(input: $input, idempotencyKey: $key) {
    ... on OfferBooked {
      booking { id contremarque qrCode status quantity totalCents cancellableUntil accessUrl startsAt }
    }
    ... on Refusal { code message }
  }
}
"""
WALLET = """
query Wallet { wallet { kind grantedCents spentCents remainingCents digitalRemainingCents expiresAt } }
"""
MY_BOOKINGS = """
query MyBookings {
  myBookings(first: 20) {
    edges { node { id status offerName totalCents stateShown offer { name venue { publicName name city } } } }
  }
  wallet { remainingCents }
}
"""
CONTREMARQUE = """
query Contremarque($code: String!) {
  contremarque(code: $code) {
    booking { offerName quantity totalCents startsAt beneficiary { firstName lastName } }
    obstacle { code message }
  }
}
"""
VALIDATE = """
mutation Validate($code: String!, $key: UUID!) {
  validateContremarque(code: $code, idempotencyKey: $key) {
    ... on ContremarqueValidated { booking { id status usedAt } }
    ... on Refusal { code message }
  }
}
"""
STRUCTURE_BOOKINGS = """
query StructureBookings($structureId: ID!) {
  structureBookings(structureId: $structureId, first: 20) {
    edges {
      node {
        id status offerName stateShown totalCents beneficiary { firstName lastName }
        reimbursement { amountCents statusLabel transferLabel }
      }
    }
  }
}
"""


def book(client: GatewayClient, session: Session, stock_id: str, quantity: int = 1) -> dict[str, Any]:
    """The booking. Raises Refused."""
    form = {"stockId": stock_id, "quantity": quantity}
    booking: dict[str, Any] = client.act(BOOK, session, input=form)["booking"]
    return booking


def wallet(client: GatewayClient, session: Session) -> dict[str, Any] | None:
    """The person's wallet; None before the credit has come."""
    found: dict[str, Any] | None = client.ask(WALLET, session)["wallet"]
    return found


def my_bookings(client: GatewayClient, session: Session) -> list[dict[str, Any]]:
    found = client.ask(MY_BOOKINGS, session)["myBookings"]["edges"]
    return [edge["node"] for edge in found]


def look_up(client: GatewayClient, pro: Session, code: str) -> dict[str, Any] | None:
    """What the Guichet shows of a contremarque; None when it is not one of this place."""
    found: dict[str, Any] | None = client.ask(CONTREMARQUE, pro, code=code)["contremarque"]
    return found


def validate(client: GatewayClient, pro: Session, code: str) -> dict[str, Any]:
    """The booking, used. Raises Refused."""
    booking: dict[str, Any] = client.act(VALIDATE, pro, code=code)["booking"]
    return booking


def structure_bookings(client: GatewayClient, pro: Session, structure_id: str) -> list[dict[str, Any]]:
    found = client.ask(STRUCTURE_BOOKINGS, pro, structureId=structure_id)["structureBookings"]["edges"]
    return [edge["node"] for edge in found]
