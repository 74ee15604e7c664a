"""`startReimbursementExport`"""

from typing import Final
from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, count_try, once, result_union, uuid_of
from chassis.refusals import Refusal
from chassis.spreadsheets import SpreadsheetFormat
from finance.api.graphql import access
from finance.api.graphql.types import ReimbursementExport
from finance.jobs.export_reimbursements import ExportRefusal, ask_for_export

_EXPORTS_A_MINUTE: Final = 20
"""More than anybody reads; each is a file, and others wait for the same workers."""

strawberry.enum(SpreadsheetFormat, description="A format of spreadsheets.")


@strawberry.input(description="What a structure was paid in a batch, booking by booking.")
class ReimbursementExportInput:
    structure_id: strawberry.ID
    batch_id: strawberry.ID
    format: SpreadsheetFormat


@strawberry.type(description="The spreadsheet will be written; `reimbursementExport` says how far it is.")
class ReimbursementExportStarted:
    export: ReimbursementExport


@strawberry.mutation(
    graphql_type=result_union("StartReimbursementExportResult", ReimbursementExportStarted, ExportRefusal),
    description="Have the spreadsheet of what a structure was paid in a batch written. For the structure and finance.",
)
async def start_reimbursement_export(
    info: Info, input: ReimbursementExportInput, idempotency_key: UUID
) -> object:
    structure, batch = uuid_of(input.structure_id), uuid_of(input.batch_id)
    principal = access.require_sight_of(structure, info)
    await count_try(
        info,
        f"export:{principal.person_id}",
        _EXPORTS_A_MINUTE,
        "Trop d’exports en une minute : patientez un instant.",
    )
    now = info.context.now
    asked = await once(
        info,
        "startReimbursementExport",
        idempotency_key,
        input,
        lambda connection: ask_for_export(
            connection, structure, batch, input.format, by=principal.person_id, now=now
        ),
    )
    if isinstance(asked, Refusal):
        return answer(asked)
    export = await ReimbursementExport.own(info, asked)
    assert export is not None
    return ReimbursementExportStarted(export=export)
