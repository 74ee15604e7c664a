"""Schemathesis against the notebook: what the kit serves is what the kit's document says."""

import dataclasses
from typing import Any

import pytest
from notebook import notes as usecases
from notebook.main import SERVICE
from notebook.rest import API
from schemathesis.core.failures import FailureGroup
from schemathesis.openapi.checks import JsonSchemaError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.rest import document
from chassis.rest.conformance import statuses, strangers_are_refused
from chassis.service import Runtime
from chassis.testing import TODAY, OpenSubgraph, principal, token_for

pytestmark = pytest.mark.servers


async def test_the_notebook_answers_as_its_document_says(
    runtime: Runtime[Any], open_subgraph: OpenSubgraph
) -> None:
    async def write(connection: AsyncConnection) -> usecases.Note:
        note = await usecases.write(connection, "Liste", 0, TODAY)
        assert isinstance(note, usecases.Note)
        return note

    note = await runtime.database.run(write)
    client = await open_subgraph(SERVICE, runtime)
    seen = await statuses(
        document(API),
        client.http,
        headers={"authorization": f"Bearer {token_for(principal('pro'))}"},
        known={"noteId": str(note.id)},
    )
    assert {("showNote", 200), ("showNote", 404), ("listNotes", 200), ("listNotes", 400)} <= set(seen)
    assert {("writeNote", 201), ("writeNote", 400), ("retitleNote", 204), ("retitleNote", 400)} <= set(seen)
    assert await strangers_are_refused(document(API), client.http) == {"writeNote", "retitleNote"}


async def test_an_answer_that_breaks_the_contract_fails(
    runtime: Runtime[Any], open_subgraph: OpenSubgraph
) -> None:
    client = await open_subgraph(SERVICE, runtime)
    lied = document(
        dataclasses.replace(API, endpoints=[one for one in API.endpoints if one.operation == "now"])
    )
    schema = lied["components"]["schemas"]["Instant"]
    schema["properties"]["address"] = {"type": "integer"}
    with pytest.raises(FailureGroup) as caught:
        await statuses(lied, client.http, headers={}, known={})
    assert [type(failure) for failure in caught.value.exceptions] == [JsonSchemaError]
