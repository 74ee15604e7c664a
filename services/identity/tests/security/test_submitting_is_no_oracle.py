"""Handing in an identity check says nothing of other people: neither their birth date, nor their document."""

from datetime import timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.servers


async def test_the_answer_is_the_same_whoever_else_has_the_names_the_date_and_the_document(
    identity: Any,
) -> None:
    await identity.granted(await identity.young_person())
    curious = await identity.young_person(email="curieux@example.com")
    right = await identity.submit(curious)
    assert right["__typename"] == "IdentityCheckSubmitted"
    other = await identity.young_person(email="autre@example.com")
    wrong = await identity.submit(other, documentNumber="99ZZ88YY7", birthDate="2008-05-05")
    assert wrong["__typename"] == right["__typename"]
    assert (await identity.accept(curious))["code"] == "DOCUMENT_ALREADY_USED"


async def test_ten_files_an_hour(identity: Any) -> None:
    young = await identity.young_person()
    for day in range(10):
        await identity.submit(young, birthDate=f"2008-05-{day + 1:02}")
    with pytest.raises(AssertionError, match="TOO_MANY_REQUESTS"):
        await identity.submit(young)
    identity.runtime.clock.instant += timedelta(hours=1)
    assert (await identity.submit(young))["code"] == "IDENTITY_CHECK_MOVE_REFUSED"
