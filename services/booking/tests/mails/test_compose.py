"""The mails, as people read them."""

import pytest

from booking.mails.compose import KINDS, composer
from booking_support.world import World
from chassis.ids import new_id

pytestmark = pytest.mark.servers


async def write(world: World, kind: str, booking_id: object):
    compose = composer("https://pass.example")
    async with world.runtime.database.read() as connection:
        return await compose(connection, kind, {"booking_id": str(booking_id)})


async def test_the_beneficiary_reads_everything_that_is_needed(world: World) -> None:
    person = await world.person()
    record = await world.booked(person, await world.event_stock(), quantity=2)
    mail = await write(world, "booked", record.id)
    text = mail.get_content()
    assert mail["To"] == f"{person.hex[-6:]}@example.fr"
    assert mail["Subject"] == "Votre réservation : Concert de Miossec"
    for line in (
        "Bonjour Léa,",
        f"Contremarque : {record.token}",
        "Date : le 20 décembre 2026 à 21 h 00",
        "Lieu : Le Vauban, 17 avenue Clemenceau, 29200 Brest",
        "Quantité : 2 (duo)",
        "Prix : 20 €",
        "jusqu'au 24 novembre 2026 à 11 h 00",
    ):
        assert line in text


async def test_the_place_reads_who_comes(world: World) -> None:
    event = await world.booked(await world.person(), await world.event_stock())
    thing = await world.booked(await world.person(), await world.thing_stock())
    mail = await write(world, "booked_pro", event.id)
    assert mail["To"] == "billetterie@levauban.example"
    assert "Léa Martin" in mail.get_content()
    assert f"Contremarque : {event.token}" in mail.get_content()
    assert thing.token not in (await write(world, "booked_pro", thing.id)).get_content()


async def test_a_digital_offer_is_one_click_away(world: World) -> None:
    stock = await world.thing_stock("VOD", url="vod.example/{token}")
    record = await world.booked(await world.person(), stock)
    assert f"http://vod.example/{record.token}" in (await write(world, "booked", record.id)).get_content()


async def test_a_cancellation_says_why_and_what_comes_back(world: World) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    await world.cancel(record)
    text = (await write(world, "cancelled", record.id)).get_content()
    assert "Vous avez annulé votre réservation." in text
    assert "Votre crédit a été rétabli de 10 €." in text


async def test_every_kind_can_be_written_for_every_kind_of_booking(world: World) -> None:
    await world.venue(booking_email=None, street=None)
    booked = [
        await world.booked(await world.person(), await world.event_stock(price_cents=0)),
        await world.booked(await world.person(), await world.thing_stock()),
    ]
    for record in booked:
        for kind in KINDS:
            text = (await write(world, kind, record.id)).get_content()
            assert "L'équipe du pass Culture" in text
            assert "None" not in text


async def test_nobody_to_write_to_means_no_mail(world: World) -> None:
    person = await world.person(sealed=None)
    record = await world.booked(person, await world.event_stock())
    assert await write(world, "booked", record.id) is None
    assert await write(world, "booked", new_id()) is None
