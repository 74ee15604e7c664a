"""What the router asks of a subgraph."""

from typing import Any

import pytest
from notebook import notes as usecases

from chassis.graphql import global_id
from chassis.ids import new_id
from chassis.service import Runtime
from chassis.testing import TODAY, SubgraphClient

pytestmark = pytest.mark.servers

ENTITIES = "query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Note { title } } }"


async def test_an_entity_is_found_by_its_key_and_an_unknown_one_is_null(
    notebook: SubgraphClient, runtime: Runtime[Any]
) -> None:
    written: Any = await runtime.database.run(
        lambda connection: usecases.write(connection, "Une note", 1200, TODAY)
    )
    keys = [global_id("Note", written.id), global_id("Note", new_id())]
    refs = [{"__typename": "Note", "id": key} for key in keys]
    assert await notebook.data(ENTITIES, {"refs": refs}) == {"_entities": [{"title": "Une note"}, None]}


async def test_a_text_that_cannot_be_stored_is_the_clients_mistake(notebook: SubgraphClient) -> None:
    assert await notebook.error_code("{missingTable}") == "INTERNAL"
    after = "WyJcdTAwMDAiXQ"  # ["\u0000"]
    assert await notebook.error_code(f'{{notes(after: "{after}"){{edges{{cursor}}}}}}') == "BAD_INPUT"
