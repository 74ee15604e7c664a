"""The spreadsheet of what a structure was paid is written aside, for whoever asked for it and nobody else."""

import asyncio
import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest

from chassis.ids import new_id
from chassis.jobs.runner import Runner
from chassis.spreadsheets import read_csv
from chassis.testing import principal
from finance.files.reimbursement_sheet import COLUMNS
from finance.jobs.close_fortnight import CLOSE_FORTNIGHT
from finance.jobs.export_reimbursements import EXPORT_REIMBURSEMENTS
from finance.usecases import export_reimbursements as usecase
from finance.usecases.export_reimbursements import FOLDER

pytestmark = pytest.mark.servers

START = """
    mutation ($input: ReimbursementExportInput!, $key: UUID!) {
      startReimbursementExport(input: $input, idempotencyKey: $key) {
        ... on ReimbursementExportStarted { export { job { id state done total } file { url } } }
        ... on BatchNotFound { code message }
      }
    }
"""
LOOK = """
    query ($id: ID!) {
      reimbursementExport(id: $id) { job { state done total report failure } file { url filename expiresAt } }
    }
"""
CLOSE = """
    mutation ($key: UUID!) {
      closeFortnight(lastDay: "2026-11-15", idempotencyKey: $key) { ... on FortnightClosed { batch { id } } }
    }
"""
FINANCE = principal("finance")
AFTER = datetime(2026, 11, 16, 8, tzinfo=UTC)


@pytest.fixture
async def paid(subgraph, world):
    """A structure with two bookings paid in a batch: their ids."""
    structure, venue = await world.paid_place()
    await world.used(structure, venue, unit_price_cents=10_30)
    await world.used(structure, venue, subcategory_id="VOD")
    closed = await subgraph.data(CLOSE, {"key": str(new_id())}, by=FINANCE, at=AFTER)
    return structure, closed["closeFortnight"]["batch"]["id"]


@pytest.fixture
def work(runtime, world):
    """Does what waits, as a worker would, until all is over."""
    runner = Runner(runtime.database, runtime.settings, (EXPORT_REIMBURSEMENTS, CLOSE_FORTNIGHT), runtime)

    async def until_over():
        stop = asyncio.Event()
        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            tasks.create_task(runner.run(stop))
            while await world.value("SELECT count(*) FROM jobs WHERE finished_at IS NULL"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            stop.set()

    return until_over


def asked(structure, batch, form="CSV", key=None):
    given = {"structureId": str(structure), "batchId": str(batch), "format": form}
    return {"input": given, "key": str(key or new_id())}


async def start(subgraph, variables, by):
    answer = (await subgraph.data(START, variables, by=by))["startReimbursementExport"]
    return answer["export"]["job"]["id"]


async def look(subgraph, id_, by):
    return (await subgraph.data(LOOK, {"id": id_}, by=by))["reimbursementExport"]


async def get(subgraph, runtime, file):
    return await subgraph.http.get(file["url"].removeprefix(runtime.settings.public_url))


@pytest.mark.parametrize("form", ["CSV", "XLSX"])
async def test_it_is_a_job_first_and_a_file_behind_a_link_that_expires_then(
    form, paid, subgraph, runtime, work
):
    pro = principal("pro", structures=(paid[0],))
    started = (await subgraph.data(START, asked(*paid, form), by=pro))["startReimbursementExport"]["export"]
    id_ = started["job"].pop("id")
    assert started == {"job": {"state": "QUEUED", "done": 0, "total": None}, "file": None}
    await work()
    found = await look(subgraph, id_, pro)
    assert found["job"] | {"report": None} == {
        "state": "SUCCEEDED",
        "done": 1,
        "total": 1,
        "report": None,
        "failure": None,
    }
    assert found["file"]["filename"] == f"Remboursements pass Culture.{form.lower()}"
    file = await get(subgraph, runtime, found["file"])
    assert file.status_code == 200
    assert file.headers["content-disposition"].startswith("attachment")
    if form == "CSV":
        assert_one_line(file.content.decode())
    else:
        _, line = openpyxl.load_workbook(io.BytesIO(file.content)).active.iter_rows(values_only=True)
        assert (line[10], line[12], line[14]) == ("ABC234", 10.3, 10.3)
    runtime.clock.instant = datetime.fromisoformat(found["file"]["expiresAt"])
    assert (await get(subgraph, runtime, found["file"])).status_code == 410
    assert (await get(subgraph, runtime, (await look(subgraph, id_, pro))["file"])).status_code == 200


def assert_one_line(text):
    """Names and contremarque of the booking that was paid for; the other one, of 0 %, was not."""
    (cells,) = read_csv(COLUMNS, text)
    line = {column.title: cell for column, cell in zip(COLUMNS, cells, strict=True)}
    assert line["Contremarque"] == "ABC234"
    assert (line["Nom utilisateur"], line["Prénom utilisateur"]) == ("Dupont", "Zoé")
    assert line["IBAN"] == "FR7630006000011234567890189"
    assert (line["Montant de la réservation"], line["Barème"], line["Montant remboursé"]) == (
        10_30,
        100_00,
        10_30,
    )
    assert line["Adresse créditeur"] == "12 bis rue des Arts 13001 Marseille"


async def test_the_same_key_is_the_same_export(paid, subgraph, world):
    variables = asked(*paid)
    assert await start(subgraph, variables, FINANCE) == await start(subgraph, variables, FINANCE)
    assert await world.value("SELECT count(*) FROM jobs WHERE kind = 'export-reimbursements'") == 1
    other = asked(*paid, "XLSX", variables["key"])
    assert await subgraph.error_code(START, other, by=FINANCE) == "IDEMPOTENCY_CONFLICT"


async def test_only_the_structure_and_finance_start_one(paid, subgraph, world):
    assert await subgraph.error_code(START, asked(*paid)) == "UNAUTHENTICATED"
    assert await subgraph.error_code(START, asked(*paid), by=principal("pro")) == "FORBIDDEN"
    unknown = asked(paid[0], new_id())
    refused = (await subgraph.data(START, unknown, by=FINANCE))["startReimbursementExport"]
    assert refused == {"code": "BATCH_NOT_FOUND", "message": "Cette quinzaine n'a pas été clôturée."}
    assert await world.value("SELECT count(*) FROM jobs WHERE kind = 'export-reimbursements'") == 0


async def test_nobody_starts_more_than_they_can_read(paid, subgraph, world):
    hasty, variables = principal("pro", structures=(paid[0],)), asked(*paid)
    for _ in range(20):
        await start(subgraph, variables, hasty)
    assert await subgraph.error_code(START, asked(*paid), by=hasty) == "TOO_MANY_REQUESTS"
    await start(subgraph, asked(*paid), FINANCE)
    assert await world.value("SELECT count(*) FROM jobs WHERE kind = 'export-reimbursements'") == 2


async def test_only_who_started_it_reads_it_and_as_long_as_the_structure_is_theirs(paid, subgraph, work):
    pro = principal("pro", structures=(paid[0],))
    id_ = await start(subgraph, asked(*paid), pro)
    await work()
    assert await look(subgraph, id_, pro) is not None
    assert await look(subgraph, id_, principal("pro", structures=(paid[0],))) is None
    assert await look(subgraph, id_, FINANCE) is None
    assert await look(subgraph, id_, principal("pro", person_id=pro.person_id)) is None
    assert await subgraph.error_code(LOOK, {"id": id_}) == "UNAUTHENTICATED"


async def test_one_that_is_cancelled_while_it_is_written_leaves_no_file(
    paid, subgraph, runtime, work, world, monkeypatch
):
    pro = principal("pro", structures=(paid[0],))
    id_ = await start(subgraph, asked(*paid), pro)
    before = usecase.reimbursements.paid_in_batch

    async def cancelled_meanwhile(*given):
        await world.value("UPDATE jobs SET is_cancel_wanted = true RETURNING 1")
        return await before(*given)

    monkeypatch.setattr(usecase.reimbursements, "paid_in_batch", cancelled_meanwhile)
    await work()
    found = await look(subgraph, id_, pro)
    assert (found["job"]["state"], found["file"]) == ("CANCELLED", None)
    assert [file async for file in runtime.files.store.list(FOLDER)] == []


async def test_exports_are_deleted_after_a_week(paid, subgraph, runtime, work):
    id_ = await start(subgraph, asked(*paid), FINANCE)
    await work()
    file = (await look(subgraph, id_, FINANCE))["file"]
    now = datetime.now(UTC)
    for later, left in ((timedelta(days=6), 1), (timedelta(days=8), 0)):
        await runtime.files.forget(FOLDER, now + later - timedelta(days=runtime.settings.exports_kept_days))
        assert len([file async for file in runtime.files.store.list(FOLDER)]) == left
    assert (await get(subgraph, runtime, file)).status_code == 404
    assert (await look(subgraph, id_, FINANCE))["file"] is None
