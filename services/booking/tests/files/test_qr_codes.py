"""A contremarque's QR code: shown to whoever holds its address, until that ends."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from booking.files.qr_codes import QrCodes
from chassis.clock import FixedClock
from chassis.ids import new_id
from chassis.sealed import Sealer
from chassis.testing import TODAY

CODE = "G3NXLT"
KEY = Sealer.new_key()
END = datetime(2026, 11, 24, tzinfo=UTC)
"""Two midnights after `TODAY`."""


def _codes(clock: FixedClock, key: str = KEY) -> QrCodes:
    return QrCodes(Sealer(key), clock, "https://pass.example")


async def _get(codes: QrCodes, address: str) -> httpx.Response:
    app = Starlette(routes=[codes.route()])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://pass.example") as http:
        return await http.get(address)


async def test_the_address_shows_an_image_and_tells_no_code() -> None:
    codes = _codes(FixedClock(TODAY))
    address = codes.address(new_id(), CODE)
    shown = await _get(codes, address)
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "image/svg+xml"
    assert (
        shown.headers["cache-control"] == f"private, max-age={int((END - TODAY).total_seconds())}, immutable"
    )
    assert shown.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert shown.content.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    assert b"#fff" in shown.content, "dark on light on a phone in the dark as well"
    assert CODE not in address
    assert CODE.encode() not in shown.content


async def test_two_codes_are_two_images_and_one_code_is_one() -> None:
    codes = _codes(FixedClock(TODAY))
    same, again, other = [
        (await _get(codes, codes.address(new_id(), code))).content for code in (CODE, CODE, "ABCDEF")
    ]
    assert same == again != other


@pytest.mark.parametrize(("at", "status"), [(END - timedelta(seconds=1), 200), (END, 410)])
async def test_it_ends_at_a_midnight_a_day_from_now_at_the_least(at: datetime, status: int) -> None:
    address = _codes(FixedClock(TODAY)).address(new_id(), CODE)
    assert (await _get(_codes(FixedClock(at)), address)).status_code == status


def test_it_is_the_same_all_day_and_another_the_next() -> None:
    """So that the same key gives the same answer, and a phone keeps the image."""
    booking, midnight = new_id(), datetime(2026, 11, 23, tzinfo=UTC)
    addresses = [
        _codes(FixedClock(at)).address(booking, CODE)
        for at in (TODAY, midnight - timedelta(microseconds=1), midnight)
    ]
    assert addresses[0] == addresses[1] != addresses[2]
    assert _codes(FixedClock(TODAY)).address(booking, "ABCDEF") != addresses[0]


async def test_an_address_that_was_changed_or_made_elsewhere_leads_nowhere() -> None:
    clock = FixedClock(TODAY)
    codes, booking, other = _codes(clock), new_id(), new_id()
    address = codes.address(booking, CODE)
    elsewhere = Sealer(KEY).seal(
        {"code": CODE, "until": "2030-01-01T00:00:00Z"}, ("booking.booking.v1", booking)
    )
    path = urlsplit(address).path
    for wrong in (
        address.replace(str(booking), str(other)),
        address[:-3],
        f"{path}?sealed=",
        path,
        f"{path}?sealed=%00%ff",
        str(httpx.URL(path, params={"sealed": elsewhere})),
        _codes(clock, Sealer.new_key()).address(booking, CODE),
    ):
        answer = await _get(codes, wrong)
        assert answer.status_code == 404, wrong
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_changed_sealing_key_still_opens_what_the_old_one_sealed() -> None:
    clock, newer = FixedClock(TODAY), Sealer.new_key()
    address = _codes(clock).address(new_id(), CODE)
    rotated = QrCodes(Sealer(newer, KEY), clock, "https://pass.example")
    assert (await _get(rotated, address)).status_code == 200
