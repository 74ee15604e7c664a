"""A contremarque as a QR code, at an address: whoever was given it may look, for a day or two.

The address carries the code sealed and its own end; nothing is stored, nothing is read but the address.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import segno
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from booking.domain.contremarque import qr_payload
from chassis.clock import Clock, iso, parse_instant
from chassis.files.serving import SAFE_HEADERS
from chassis.rest.problems import respond
from chassis.sealed import SealBroken, Sealer
from chassis.web import served

GOOD_FOR: Final = timedelta(days=1)
"""At the least: an address ends at a midnight (UTC), and is the same all day."""

_PREFIX: Final = "/files/booking/qr-codes"
_PLACE: Final = "booking.qr-code"
"""What its seals are bound to, with the booking's id: no seal of another place opens here."""


@dataclass(frozen=True, slots=True)
class QrCodes:
    """Makes the addresses and answers them."""

    sealer: Sealer
    clock: Clock
    public_url: str

    def address(self, booking_id: UUID, code: str) -> str:
        """Where this booking's code is to be seen for a day at the least; asked again today, the same."""
        midnight = datetime.combine(self.clock.now().date() + timedelta(days=1), time(), UTC)
        fields = {"code": code, "until": iso(midnight + GOOD_FOR)}
        query = urlencode({"sealed": self.sealer.seal_alike(fields, (_PLACE, booking_id))})
        return f"{self.public_url}{_PREFIX}/{booking_id}.svg?{query}"

    def route(self) -> BaseRoute:
        return Route(_PREFIX + "/{booking_id:uuid}.svg", self._show, methods=["GET"])

    async def _show(self, request: Request) -> Response:
        served(request.scope).route = f"{_PREFIX}/*"
        try:
            sealed = request.query_params.get("sealed", "")
            fields = self.sealer.open(sealed, (_PLACE, request.path_params["booking_id"]))
        except SealBroken:
            return _problem(request, 404, "NOT_FOUND", "Ce lien ne mène à aucun code.")
        left = parse_instant(fields["until"]) - self.clock.now()
        if left <= timedelta(0):
            return _problem(request, 410, "GONE", "Ce lien n'est plus valable : rouvrez votre réservation.")
        return Response(
            _svg(fields["code"]),
            media_type="image/svg+xml",
            headers={
                **SAFE_HEADERS,
                "cache-control": f"private, max-age={int(left.total_seconds())}, immutable",
            },
        )


def _svg(code: str) -> bytes:
    """Readable with a fifth of it covered."""
    image = BytesIO()
    segno.make_qr(qr_payload(code), error="m").save(image, kind="svg", scale=4, xmldecl=False, light="#fff")
    return image.getvalue()


def _problem(request: Request, status: int, code: str, detail: str) -> Response:
    served(request.scope).code = code
    return respond(status, code, detail, headers=SAFE_HEADERS)
