"""Finance, put together."""

from pathlib import Path

from chassis.auth import TEAM
from chassis.graphql.schema import Subgraph
from chassis.security_log import Watch
from chassis.service import Service
from finance.consumers import subscriptions
from finance.jobs.close_fortnight import CLOSE_FORTNIGHT, EVERY_FORTNIGHT
from finance.jobs.export_reimbursements import EXPORT_REIMBURSEMENTS
from finance.jobs.forget_exports import EVERY_NIGHT, FORGET_EXPORTS
from finance.messages import PUBLISHED
from finance.persistence.tables import METADATA
from finance.runtime import FinanceRuntime
from finance.settings import FinanceSettings


def _schema(introspection: bool) -> Subgraph:
    from finance.api.graphql.schema import subgraph

    return subgraph(introspection)


SERVICE: Service[FinanceRuntime] = Service(
    name="finance",
    settings=FinanceSettings,
    runtime=FinanceRuntime,
    migrations=Path(__file__).resolve().parents[2] / "migrations",
    schema=_schema,
    tables=METADATA,
    published=lambda _: PUBLISHED,
    consumed=lambda runtime: subscriptions(runtime.clock),
    routes=lambda runtime: [runtime.files.route()],
    watch=Watch(staff=TEAM, acts=frozenset({"submitBankAccount"})),
    jobs=(CLOSE_FORTNIGHT, EXPORT_REIMBURSEMENTS, FORGET_EXPORTS),
    timetable=(EVERY_FORTNIGHT, EVERY_NIGHT),
)
