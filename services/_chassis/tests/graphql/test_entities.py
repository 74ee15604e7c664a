"""A reference that is none is the asker's mistake, not a bug of ours."""

from typing import Any

import pytest
import structlog

from chassis.graphql.global_ids import global_id
from chassis.ids import new_id
from chassis.testing import SubgraphClient

ASK = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Note { title } } }"
ID = global_id("Note", "0195b0a0-0000-7000-8000-000000000000")


@pytest.mark.parametrize(
    "reference",
    [
        {"id": ID},
        {"__typename": "Note"},
        {"__typename": "Note", "id": None},
        {"__typename": "Note", "id": {"$ne": None}},
        {"__typename": "Note", "id": [ID]},
        {"__typename": "Note", "id": "1" * 101},
        {"__typename": "Secret", "id": ID},
        {"__typename": "Query", "id": ID},
        {"__typename": "String", "id": ID},
        {"__typename": "Job", "id": ID},
        {"__typename": ["Note"], "id": ID},
        {"__typename": None},
        {},
        [],
        "Note",
        5,
    ],
    ids=str,
)
async def test_what_is_no_reference_is_bad_input(subgraph: SubgraphClient, reference: Any) -> None:
    with structlog.testing.capture_logs() as logged:
        answer = await subgraph.execute(ASK, {"r": [reference]})
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_INPUT"]
    assert answer["data"] is None
    assert {line["log_level"] for line in logged} == {"info"}


@pytest.mark.servers
async def test_an_id_that_is_nobodys_leads_nowhere_whatever_else_is_said(notebook: SubgraphClient) -> None:
    for id_ in (str(new_id()), "1", 5, global_id("Note", new_id())):
        reference = {"__typename": "Note", "id": id_, "info": "mine", "title": "mine", "self": 1}
        assert await notebook.data(ASK, {"r": [reference]}) == {"_entities": [None]}
