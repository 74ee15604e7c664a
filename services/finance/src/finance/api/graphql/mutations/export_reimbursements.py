"""`exportReimbursements`"""

from datetime import datetime
from uuid import UUID

import strawberry

from chassis.files import FilesUnavailable
from chassis.graphql import ApiError, ErrorCode, Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal
from chassis.spreadsheets import SpreadsheetFormat
from finance.api.graphql import access
from finance.usecases import export_reimbursements as usecase
from finance.usecases.export_reimbursements import ExportReimbursementsRefusal, export_name

strawberry.enum(SpreadsheetFormat, description="A format of spreadsheets.")


@strawberry.type(
    description="The spreadsheet is written. Whoever holds the link may read it until it expires."
)
class ReimbursementsExported:
    url: str = strawberry.field(description="A link that expires.")
    filename: str = strawberry.field(description="What the file is saved as.")
    expires_at: datetime


@strawberry.mutation(
    graphql_type=result_union(
        "ExportReimbursementsResult", ReimbursementsExported, ExportReimbursementsRefusal
    ),
    description=(
        "Write the spreadsheet of what a structure was paid in a batch, booking by booking. The same key gives a "
        "new link to the same file. For the structure and finance."
    ),
)
async def export_reimbursements(
    info: Info,
    structure_id: strawberry.ID,
    batch_id: strawberry.ID,
    format: SpreadsheetFormat,
    idempotency_key: UUID,
) -> object:
    structure, batch = uuid_of(structure_id), uuid_of(batch_id)
    access.require_sight_of(structure, info)
    runtime = info.context.runtime
    try:
        exported = await once(
            info,
            "exportReimbursements",
            idempotency_key,
            {"structure_id": str(structure), "batch_id": str(batch), "format": format},
            lambda connection: usecase.export_reimbursements(
                connection, runtime.files, runtime.sealer, structure, batch, format
            ),
        )
    except FilesUnavailable:
        raise ApiError(
            ErrorCode.UNAVAILABLE, "Les fichiers ne peuvent pas être enregistrés pour l'instant : réessayez."
        ) from None
    if isinstance(exported, Refusal):
        return answer(exported)
    link = runtime.files.link(export_name(exported, format), "Remboursements pass Culture")
    return ReimbursementsExported(url=link.url, filename=link.filename, expires_at=link.expires_at)
