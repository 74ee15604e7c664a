import asyncio
import unicodedata

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


@pytest.mark.parametrize(("chosen", "typed"), [("NFC", "NFD"), ("NFD", "NFC")])
async def test_a_password_chosen_on_one_keyboard_opens_on_another(credentials, chosen, typed):
    kept = await credentials.hash(unicodedata.normalize(chosen, "Été-à-la-mer-2026"))
    assert await credentials.matches(unicodedata.normalize(typed, "Été-à-la-mer-2026"), kept)
    assert not await credentials.matches("Ete-a-la-mer-2026", kept)


async def test_a_hash_from_before_passwords_were_prepared_still_opens(credentials):
    as_typed = unicodedata.normalize("NFD", "Été-à-la-mer-2026")
    old = credentials._hasher.hash(as_typed)
    assert await credentials.matches(as_typed, old)
    assert not await credentials.matches(as_typed, None)
