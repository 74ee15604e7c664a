"""Each key is changed step by step while requests go on: nobody is asked to sign in, nothing known is forgotten."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from joserfc.jwk import ECKey
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from chassis import auth
from chassis.auth import RemoteKeys, TokenVerifier
from chassis.ids import new_id
from chassis.sealed import SealBroken, Sealer
from chassis.testing import OpenSubgraph, do_job
from identity.domain.refusals import DocumentAlreadyUsed
from identity.main import SERVICE
from identity.persistence.records import GrantRecord
from identity.persistence.secrets import Digester
from identity.runtime import IdentityRuntime
from identity.signing import AccessTokens, load_signing_key
from identity.usecases.accept_identity_check import accept_identity_check
from identity_world import IdentityWorld


def key() -> ECKey:
    return load_signing_key(ECKey.generate_key("P-256").as_pem(private=True).decode())


class Issuer:
    """Identity's replicas, each restarted on its own time, behind one address."""

    def __init__(self, *replicas: AccessTokens) -> None:
        self.replicas = list(replicas)
        self._asked = 0
        self.app = Starlette(routes=[Route("/jwks", self._jwks)])

    async def _jwks(self, _: Request) -> JSONResponse:
        self._asked += 1
        return JSONResponse(self.replicas[self._asked % len(self.replicas)].public_keys())


async def rotate(monkeypatch: pytest.MonkeyPatch, steps: list[AccessTokens]) -> int:
    """Walk two replicas through the steps under a load of fresh and older tokens; how many were refused.

    Those who verify have been there from the start, or are started during a step. Each fetches keys again
    after a pause only, which is shorter than a step.
    """
    issuer = Issuer(steps[0], steps[0])
    client = httpx.AsyncClient
    transport = httpx.ASGITransport(issuer.app)
    monkeypatch.setattr(httpx, "AsyncClient", lambda **_: client(transport=transport, base_url="http://i"))
    monkeypatch.setattr(auth, "_REFETCH_SECONDS", 0.2)
    verifiers = [TokenVerifier(RemoteKeys("http://i/jwks"))]
    refused, tokens = 0, [steps[0].sign(new_id(), ["pro"], [])]
    for step in steps:
        for replica in range(2):
            issuer.replicas[replica] = step
            verifiers.append(TokenVerifier(RemoteKeys("http://i/jwks")))
            for _ in range(20):
                tokens += [each.sign(new_id(), ["pro"], []) for each in issuer.replicas]
                for verifier in verifiers:
                    for token in (*tokens[-2:], tokens[len(tokens) // 2]):
                        try:
                            await verifier.verify(token)
                        except auth.InvalidToken:
                            refused += 1
        await asyncio.sleep(0.25)
    return refused


async def test_a_signing_key_is_changed_without_one_401(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = key(), key()
    steps = [AccessTokens(old, 900), AccessTokens(old, 900, [new]), AccessTokens(new, 900, [old])]
    assert await rotate(monkeypatch, steps) == 0


async def test_without_showing_the_keys_beside_there_are_401s(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await rotate(monkeypatch, [AccessTokens(key(), 900), AccessTokens(key(), 900)]) > 0


@pytest.mark.servers
async def test_the_sealing_key_may_change_and_a_document_still_opens_one_credit(identity: Any) -> None:
    await identity.granted(await identity.young_person())
    settings = identity.runtime.settings
    before = identity.runtime.digest("document", "12AB34CD5")
    changed = settings.model_copy(update={"sealing_key": type(settings.sealing_key)(Sealer.new_key())})
    assert type(identity.runtime).build(changed).digest("document", "12AB34CD5") == before


@pytest.mark.servers
@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({"documentNumber": "99ZZ88YY7"}, "DUPLICATE_BENEFICIARY"),
        ({"firstName": "Zoé"}, "DOCUMENT_ALREADY_USED"),
    ],
)
@pytest.mark.parametrize("accepted_first", ["one", "two"])
async def test_the_digest_key_may_change_and_one_person_still_has_one_credit(
    identity: Any, second: dict[str, Any], code: str, accepted_first: str
) -> None:
    """One file waits since before the change, one comes after it: in either order, and at once, one credit."""
    old, new = Sealer.new_key(), Sealer.new_key()
    one, two = await identity.young_person(), await identity.young_person(email="autre@example.com")
    identity.runtime.digest = Digester(old)
    await identity.submit(one)
    identity.runtime.digest = Digester(new, old)
    await identity.submit(two, **second)
    order = (one, two) if accepted_first == "one" else (two, one)
    assert (await identity.accept(order[0]))["__typename"] == "IdentityCheckAccepted"
    assert (await identity.accept(order[1]))["code"] == code


@pytest.mark.servers
async def test_two_acceptances_at_once_with_digests_of_different_keys_give_one_credit(identity: Any) -> None:
    """The second begins while the first is not committed: no constraint sees digests of two keys as equal."""
    old, new = Sealer.new_key(), Sealer.new_key()
    one, two = await identity.young_person(), await identity.young_person(email="autre@example.com")
    runtime = identity.runtime
    runtime.digest = Digester(old)
    await identity.submit(one)
    runtime.digest = Digester(new, old)
    await identity.submit(two, firstName="Zoé")

    async def accept(connection: AsyncConnection, person_id: UUID) -> object:
        return await accept_identity_check(
            connection, person_id, new_id(), runtime.clock.now(), runtime.sealer, runtime.digest
        )

    async with runtime.database.engine.connect() as connection:
        first = await accept(connection, one.person_id)
        second = asyncio.create_task(
            runtime.database.run(lambda connection: accept(connection, two.person_id))
        )
        await asyncio.sleep(0.5)
        await connection.commit()
    assert isinstance(first, GrantRecord)
    assert await second == DocumentAlreadyUsed()


class Replicas:
    """Two processes of identity on one database, each started again on its own time with other storage keys."""

    def __init__(self, world: IdentityWorld, open_subgraph: OpenSubgraph) -> None:
        self._world, self._open_subgraph = world, open_subgraph
        self.worlds = [world, world]
        self.runtimes: list[IdentityRuntime] = []

    async def start_again(self, replica: int, keys: tuple[str, ...]) -> None:
        settings = self._world.runtime.settings.model_copy(
            update={"storage_key": SecretStr(keys[0]), "storage_keys_old": SecretStr(" ".join(keys[1:]))}
        )
        runtime = IdentityRuntime.build(settings, self._world.runtime.clock)
        self.runtimes.append(runtime)
        client = await self._open_subgraph(SERVICE, runtime)
        self.worlds[replica] = IdentityWorld(runtime, client, self._world.admin)

    async def walk(self, *steps: tuple[str, ...]) -> int:
        """Give both replicas the keys of each step, one after the other, under requests; how many of these failed."""
        failed = number = 0
        people: list[Any] = []
        for keys in steps:
            for replica in range(2):
                await self.start_again(replica, keys)
                for world in self.worlds:
                    number += 1
                    try:
                        person = await world.young_person(email=f"jeune{number}@example.com")
                        await world.submit(person, documentNumber=f"12AB34C{number:02}")
                        people.append(person)
                    except (AssertionError, IndexError, SealBroken):
                        failed += 1
                for world in self.worlds:
                    for person in people:
                        try:
                            data = await world.api.data("{ me { firstName birthDate } }", by=person)
                            failed += data["me"] != {"firstName": "Élise", "birthDate": "2008-05-04"}
                        except AssertionError:
                            failed += 1
            if keys == steps[-2]:
                report = await do_job(self.runtimes[-1], SERVICE.every_job()["reseal"])
                assert int(report.split()[0]) > 0, report
        return failed


@pytest.fixture
async def replicas(identity: IdentityWorld, open_subgraph: OpenSubgraph) -> Any:
    replicas = Replicas(identity, open_subgraph)
    yield replicas
    for runtime in replicas.runtimes:
        await runtime.close()


@pytest.mark.servers
async def test_the_storage_key_is_changed_and_no_request_fails(replicas: Replicas) -> None:
    """Shown beside the old one, then sealed with; what the old one sealed is sealed anew; then it is gone."""
    old, new = replicas.worlds[0].runtime.settings.storage_key.get_secret_value(), Sealer.new_key()
    assert await replicas.walk((old,), (old, new), (new, old), (new,)) == 0


@pytest.mark.servers
async def test_a_storage_key_that_was_not_shown_beside_first_breaks_requests(replicas: Replicas) -> None:
    old, new = replicas.worlds[0].runtime.settings.storage_key.get_secret_value(), Sealer.new_key()
    assert await replicas.walk((old,), (new, old), (new,)) > 0
