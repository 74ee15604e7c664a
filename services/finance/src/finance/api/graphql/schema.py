"""The subgraph, put together."""

import strawberry

from chassis.graphql import build_schema
from chassis.graphql.schema import Subgraph
from finance.api.graphql.glossary import GLOSSARY
from finance.api.graphql.mutations.accept_bank_account import accept_bank_account
from finance.api.graphql.mutations.accept_batch import accept_batch_mutation
from finance.api.graphql.mutations.close_fortnight import close_fortnight
from finance.api.graphql.mutations.reject_bank_account import reject_bank_account
from finance.api.graphql.mutations.start_reimbursement_export import start_reimbursement_export
from finance.api.graphql.mutations.submit_bank_account import submit_bank_account
from finance.api.graphql.queries import Query
from finance.api.graphql.types import Booking, Structure


@strawberry.type
class Mutation:
    submit_bank_account = submit_bank_account
    accept_bank_account = accept_bank_account
    reject_bank_account = reject_bank_account
    close_fortnight = close_fortnight
    accept_batch = accept_batch_mutation
    start_reimbursement_export = start_reimbursement_export


def subgraph(introspection: bool) -> Subgraph:
    return build_schema(
        Query,
        Mutation,
        types=[Booking, Structure],
        introspection=introspection,
        glossary=GLOSSARY,
        ids={
            "batchId": "CashflowBatch",
            "Query.reimbursementExport(id:)": "Job",
            "Mutation.acceptBatch(id:)": "CashflowBatch",
            "Mutation.acceptBankAccount(id:)": "BankAccount",
            "Mutation.rejectBankAccount(id:)": "BankAccount",
        },
    )
