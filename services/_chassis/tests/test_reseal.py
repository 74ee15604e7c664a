"""What older keys sealed is sealed by the newest, page by page, and nobody who reads or writes meanwhile notices."""

from typing import Any

import pytest
import sqlalchemy as sa
from notebook.main import SERVICE
from notebook.readers import READERS, Reader
from notebook.tables import METADATA, readers
from pydantic import SecretStr

from chassis import reseal
from chassis.ids import new_id
from chassis.sealed import SealBroken, Sealer
from chassis.service import Runtime
from chassis.testing import STORAGE_KEY, do_job

pytestmark = pytest.mark.servers

NEWEST = Sealer.new_key()
PEOPLE = [Reader(new_id(), 1, new_id(), f"reader {number}", None) for number in range(5)]


def with_keys(runtime: Runtime[Any], newest: str, *older: str) -> Runtime[Any]:
    """The same service, started again with these keys."""
    keys = {"storage_key": SecretStr(newest), "storage_keys_old": SecretStr(" ".join(older))}
    return Runtime.build(runtime.settings.model_copy(update=keys), runtime.clock)


@pytest.fixture
async def changing(runtime: Runtime[Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """With the newest key, on rows of the old one; two a page."""
    monkeypatch.setattr(reseal, "PAGE", 2)

    async def add(connection: Any) -> None:
        for reader in PEOPLE:
            await READERS.add(connection, reader)

    await runtime.database.run(add)
    changed = with_keys(runtime, NEWEST, STORAGE_KEY)
    yield changed
    await changed.close()


async def everybody(runtime: Runtime[Any]) -> list[Reader]:
    async with runtime.database.read() as connection:
        return await READERS.all(connection, READERS.select.order_by(readers.c.id))


async def lying(runtime: Runtime[Any]) -> list[bytes]:
    async with runtime.database.read() as connection:
        return list(await connection.scalars(sa.text("SELECT name FROM readers ORDER BY id")))


async def test_every_row_is_sealed_by_the_newest_key_and_says_what_it_said(changing: Runtime[Any]) -> None:
    only_newest = with_keys(changing, NEWEST)
    with pytest.raises(SealBroken):
        await everybody(only_newest)
    assert await do_job(changing, reseal.reseal(METADATA)) == "5 rows sealed anew"
    assert await everybody(only_newest) == PEOPLE, "no version more: nobody is told anything"
    assert all(seal.startswith(changing.database.ring.mark) for seal in await lying(changing))
    assert await do_job(changing, reseal.reseal(METADATA)) == "0 rows sealed anew"
    await only_newest.close()


async def test_what_was_sealed_before_it_was_stopped_is_not_sealed_again(
    changing: Runtime[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seal, pages = reseal._Pages.seal, iter([True, False])

    async def stopping(*given: Any) -> Any:
        if next(pages, True):
            return await seal(*given)
        raise TimeoutError

    monkeypatch.setattr(reseal._Pages, "seal", stopping)
    with pytest.raises(SystemExit):
        await do_job(changing, reseal.reseal(METADATA))
    halfway = await lying(changing)
    assert await do_job(changing, reseal.reseal(METADATA)) == "3 rows sealed anew"
    assert (await lying(changing))[:2] == halfway[:2]
    assert await everybody(changing) == PEOPLE


async def test_each_context_has_the_job() -> None:
    assert "reseal" in SERVICE.every_job()
