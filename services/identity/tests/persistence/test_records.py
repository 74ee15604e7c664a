"""A column is named once: records, statements and events follow from the tables."""

from dataclasses import fields
from typing import Any

import pytest
import sqlalchemy as sa

from identity.persistence import records, tables

PAIRS = {
    tables.persons: records.PersonRecord,
    tables.suspensions: records.SuspensionRecord,
    tables.email_changes: records.EmailChangeRecord,
    tables.structures: records.StructureRecord,
    tables.attachments: records.AttachmentRecord,
    tables.grants: records.GrantRecord,
    tables.identity_checks: records.IdentityCheckRecord,
    tables.sign_up_forms: records.SignUpFormRecord,
    tables.known_places: records.KnownPlaceRecord,
    tables.known_devices: records.KnownDeviceRecord,
    tables.account_tokens: records.AccountTokenRecord,
    tables.sessions: records.SessionRecord,
    tables.refresh_tokens: records.RefreshTokenRecord,
    tables.factors: records.FactorRecord,
    tables.recovery_codes: records.RecoveryCodeRecord,
    tables.enrolments: records.EnrolmentRecord,
    tables.staff_challenges: records.StaffChallengeRecord,
    tables.providers: records.ProviderRecord,
}


def test_every_table_has_its_record() -> None:
    assert set(PAIRS) == set(tables.METADATA.tables.values())


@pytest.mark.parametrize("table", PAIRS, ids=lambda table: table.name)
def test_a_record_has_a_field_for_each_column_in_its_order(table: sa.Table) -> None:
    record: Any = PAIRS[table]
    assert [field.name for field in fields(record)] == [
        column.name for column in table.c if column.name != "changed_at"
    ]


@pytest.mark.parametrize("table", PAIRS, ids=lambda table: table.name)
def test_a_field_may_be_none_where_its_column_may_be_null(table: sa.Table) -> None:
    record: Any = PAIRS[table]
    assert {field.name: "None" in str(field.type) for field in fields(record)} == {
        column.name: bool(column.nullable) for column in table.c if column.name != "changed_at"
    }
