import asyncio

import pytest

from chassis.ids import new_id
from identity.credentials import Credentials


@pytest.fixture
def credentials():
    return Credentials(time_cost=1, memory_kib=8)


async def test_one_request_sent_again_meanwhile_shares_the_work(credentials):
    key = new_id()
    hashes = await asyncio.gather(*(credentials.hash_for(key, "Motdepasse-123") for _ in range(50)))
    assert len(set(hashes)) == 1
    assert await credentials.matches("Motdepasse-123", hashes[0])


async def test_another_key_another_password_and_a_later_time_do_not(credentials):
    key = new_id()
    asked = [(key, "Motdepasse-123"), (new_id(), "Motdepasse-123"), (key, "Un-autre-mot-2")]
    hashes = await asyncio.gather(*(credentials.hash_for(*each) for each in asked))
    later = await credentials.hash_for(key, "Motdepasse-123")
    assert len({*hashes, later}) == 4


async def test_whoever_gives_up_waiting_does_not_stop_the_others(credentials):
    key = new_id()
    impatient = asyncio.ensure_future(credentials.hash_for(key, "Motdepasse-123"))
    patient = asyncio.ensure_future(credentials.hash_for(key, "Motdepasse-123"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await credentials.matches("Motdepasse-123", await patient)
