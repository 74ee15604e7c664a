"""What finance publishes, one module per aggregate: record → event. No IBAN is ever in one."""

from typing import Final

from chassis.republish import published
from finance.messages.bank_account import TOPIC as BANK_ACCOUNTS
from finance.messages.bank_account import bank_account
from finance.messages.reimbursement import TOPIC as REIMBURSEMENTS
from finance.messages.reimbursement import reimbursement
from finance.persistence import bank_accounts, pricings, tables
from finance.persistence.records import BankAccountRecord, PricingRecord

PUBLISHED: Final = (
    published(
        REIMBURSEMENTS,
        tables.pricings,
        lambda row: reimbursement(PricingRecord(*row)),
        rows=pricings.PUBLISHED,
    ),
    published(
        BANK_ACCOUNTS,
        tables.bank_accounts,
        lambda row: bank_account(BankAccountRecord(*row)),
        rows=bank_accounts.SELECT,
    ),
)
"""Each topic, and how it is republished from its own table."""
