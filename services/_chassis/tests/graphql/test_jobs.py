"""A job over GraphQL: its owner follows and cancels it, to anybody else it does not exist."""

from typing import Any

import pytest
from notebook.schema import build

from chassis.graphql import global_id, print_subgraph
from chassis.ids import new_id
from chassis.service import Runtime
from chassis.testing import SubgraphClient, principal

START = "mutation { startRaisingPrices { job { id state done total report failure finishedAt } } }"
SEEN = "query ($id: ID!) { raising(id: $id) { job { state done total report failure } } }"
CANCEL = "mutation ($id: ID!) { cancelRaisingPrices(id: $id) { job { state } } }"

pytestmark = pytest.mark.servers


async def started(notebook: SubgraphClient, who: Any) -> str:
    job = (await notebook.data(START, by=who))["startRaisingPrices"]["job"]
    assert (job["state"], job["done"], job["total"], job["finishedAt"]) == ("QUEUED", 0, None, None)
    id_: str = job["id"]
    return id_


async def test_its_owner_sees_how_far_a_job_is(notebook: SubgraphClient, runtime: Runtime[Any]) -> None:
    from notebook.nights import JOBS

    from chassis.jobs.runner import Runner

    me = principal("pro")
    id_ = await started(notebook, me)
    runner = Runner(runtime.database, runtime.settings, JOBS, runtime)
    run = await runner._claim_next()
    assert run is not None
    assert (await notebook.data(SEEN, {"id": id_}, by=me))["raising"]["job"]["state"] == "RUNNING"
    await runner._perform(run)
    assert (await notebook.data(SEEN, {"id": id_}, by=me))["raising"]["job"] == {
        "state": "SUCCEEDED",
        "done": 0,
        "total": None,
        "report": "0 prices raised",
        "failure": None,
    }


async def test_to_anybody_else_it_does_not_exist(notebook: SubgraphClient) -> None:
    id_ = await started(notebook, principal("pro"))
    stranger = principal("pro", "admin")
    assert await notebook.data(SEEN, {"id": id_}, by=stranger) == {"raising": None}
    assert await notebook.error_code(CANCEL, {"id": id_}, by=stranger) == "NOT_FOUND"
    assert await notebook.error_code(SEEN, {"id": id_}) == "UNAUTHENTICATED"
    assert await notebook.error_code(CANCEL, {"id": id_}) == "UNAUTHENTICATED"


async def test_its_owner_cancels_it_as_often_as_they_like(notebook: SubgraphClient) -> None:
    me = principal("pro")
    id_ = await started(notebook, me)
    for _ in range(2):
        cancelled = await notebook.data(CANCEL, {"id": id_}, by=me)
        assert cancelled == {"cancelRaisingPrices": {"job": {"state": "CANCELLED"}}}
    assert await notebook.error_code(CANCEL, {"id": global_id("Job", new_id())}, by=me) == "NOT_FOUND"


def test_the_type_may_stand_in_every_subgraph() -> None:
    assert "type Job @shareable" in print_subgraph(build(True))
