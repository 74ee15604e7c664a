"""A job as its owner sees it: one shareable value type, embedded by each context in fields of its own.

There is no `Query.job` of all contexts: a router may ask any one subgraph for a shared root field, and
only one of them has the job. A context gives what its job makes a name (`reimbursementExport(id)`), and
that type has a `job: Job!` made by `job_of`.
"""

from datetime import datetime
from enum import Enum
from typing import Self
from uuid import UUID

import strawberry

from chassis import jobs
from chassis.graphql.context import Info, require_person
from chassis.graphql.errors import ApiError, ErrorCode
from chassis.jobs import JobRecord


@strawberry.enum(description="Where a job stands; the last three are for good.")
class JobState(Enum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@strawberry.federation.type(shareable=True, description="Work done aside, and how far it is.")
class Job:
    id: strawberry.ID
    state: JobState
    done: int = strawberry.field(description="What is done of `total`, in units of the job's own.")
    total: int | None = strawberry.field(description="None as long as it is not known.")
    report: str | None = strawberry.field(description="What was done, once it succeeded.")
    failure: str | None = strawberry.field(description="Why it failed, in a sentence.")
    asked_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, record: JobRecord) -> Self:
        return cls(
            id=strawberry.ID(str(record.id)),
            state=JobState(record.state.value),
            done=record.done,
            total=record.total,
            report=record.report,
            failure=record.failure,
            asked_at=record.asked_at,
            finished_at=record.finished_at,
        )


async def own_job(info: Info, id_: UUID, kind: jobs.Job) -> JobRecord | None:
    """The signed-in person's own job of this kind; None for another's. Raises ApiError UNAUTHENTICATED."""
    person = require_person(info)
    async with info.context.db.read() as connection:
        return await jobs.find_own(connection, id_, kind=kind.name, owner=person.person_id)


async def cancel_own_job(info: Info, id_: UUID, kind: jobs.Job) -> JobRecord:
    """The signed-in person's job, cancelled unless it was over. Raises ApiError UNAUTHENTICATED or NOT_FOUND."""
    person = require_person(info)
    if await own_job(info, id_, kind) is None:
        raise ApiError(ErrorCode.NOT_FOUND, "Ce traitement n'existe pas.")
    await info.context.db.run(lambda connection: jobs.cancel(connection, id_, owner=person.person_id))
    record = await own_job(info, id_, kind)
    assert record is not None
    return record
