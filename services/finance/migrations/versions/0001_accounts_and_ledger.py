"""Bookings as finance knows them, bank accounts, pricings, batches, and the ledger that only grows"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_what_others_tell()
    _create_bank_accounts()
    _create_batches()
    _create_pricings()
    _create_ledger()


def _create_what_others_tell() -> None:
    op.create_table(
        "structures",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("siren", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        comment="Structures as identity tells them",
    )
    op.create_table(
        "venues",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("structure_id", sa.Uuid, nullable=False),
        sa.Column("siret", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("street", sa.Text),
        sa.Column("postal_code", sa.Text),
        sa.Column("city", sa.Text),
        sa.Index("venues_of_structure", "structure_id"),
        comment="Venues as catalog tells them",
    )
    used = sa.text("status = 'USED'")
    op.create_table(
        "bookings",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("structure_id", sa.Uuid, nullable=False),
        sa.Column("venue_id", sa.Uuid, nullable=False),
        sa.Column("offer_id", sa.Uuid, nullable=False),
        sa.Column("offer_name", sa.Text, nullable=False),
        sa.Column("subcategory_id", sa.Text, nullable=False),
        sa.Column("deposit_kind", sa.Text),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("unit_price_cents", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.Column("starts_at", INSTANT),
        sa.Column("ordered_at", INSTANT),
        sa.Column("sealed", sa.Text, nullable=False, server_default=""),
        sa.CheckConstraint("quantity > 0", name="bookings_quantity_positive"),
        sa.CheckConstraint("unit_price_cents >= 0", name="bookings_price_not_negative"),
        sa.CheckConstraint("(used_at IS NULL) = (ordered_at IS NULL)", name="bookings_ordered_when_used"),
        sa.Index("bookings_due", "ordered_at", "used_at", "id", postgresql_where=used),
        sa.Index("bookings_due_of_structure", "structure_id", postgresql_where=used),
        comment="Bookings as booking tells them; ordered_at is the instant that orders them in a counter",
    )


def _create_bank_accounts() -> None:
    op.create_table(
        "bank_accounts",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("structure_id", sa.Uuid, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("iban", sa.Text, nullable=False),
        sa.Column("bic", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("submitted_by", sa.Uuid, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Uuid),
        sa.Column("decided_at", INSTANT),
        sa.Column("changed_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Index("bank_accounts_of_structure", "structure_id", "id"),
        sa.Index(
            "bank_accounts_one_accepted",
            "structure_id",
            unique=True,
            postgresql_where=sa.text("status = 'accepted'"),
        ),
        comment="Accounts of structures: one accepted at a time",
    )


def _create_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("cutoff", INSTANT, nullable=False, unique=True),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.Column("transfer_label", sa.Text, nullable=False),
        sa.Column("execution_date", sa.Date, nullable=False),
        sa.Column("total_cents", sa.BigInteger, nullable=False),
        sa.Column("transfer_count", sa.Integer, nullable=False),
        sa.Column("booking_count", sa.Integer, nullable=False),
        comment="Closed fortnights: one cash run each",
    )
    op.create_table(
        "cashflows",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("batch_id", sa.Uuid, sa.ForeignKey("batches.id"), nullable=False),
        sa.Column("structure_id", sa.Uuid, nullable=False),
        sa.Column("bank_account_id", sa.Uuid, sa.ForeignKey("bank_accounts.id"), nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("end_to_end_id", sa.Text, nullable=False),
        sa.Column("recipient_name", sa.Text, nullable=False),
        sa.Column("recipient_siren", sa.Text, nullable=False),
        sa.CheckConstraint("amount_cents > 0", name="cashflows_amount_positive"),
        sa.UniqueConstraint("batch_id", "bank_account_id", name="cashflows_one_per_account_and_batch"),
        comment="What one bank account is paid in one batch",
    )
    op.create_table(
        "sepa_files",
        sa.Column("batch_id", sa.Uuid, sa.ForeignKey("batches.id"), primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("sha256", sa.Text, nullable=False, unique=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("transaction_count", sa.Integer, nullable=False),
        sa.Column("control_sum_cents", sa.BigInteger, nullable=False),
        comment="Transfer orders as given to the bank; a same file cannot be registered twice",
    )


def _create_pricings() -> None:
    op.create_table(
        "pricings",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("booking_id", sa.Uuid, nullable=False),
        sa.Column("structure_id", sa.Uuid, nullable=False),
        sa.Column("venue_id", sa.Uuid, nullable=False),
        sa.Column("booked_cents", sa.BigInteger, nullable=False),
        sa.Column("reimbursed_cents", sa.BigInteger, nullable=False),
        sa.Column("rate_bp", sa.Integer),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("custom_rule_id", sa.Uuid),
        sa.Column("revenue_cents", sa.BigInteger, nullable=False),
        sa.Column("used_at", INSTANT, nullable=False),
        sa.Column("ordered_at", INSTANT, nullable=False),
        sa.Column("civil_year", sa.SmallInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("priced_in", sa.Uuid, sa.ForeignKey("batches.id"), nullable=False),
        sa.Column("batch_id", sa.Uuid, sa.ForeignKey("batches.id")),
        sa.Column("cashflow_id", sa.Uuid, sa.ForeignKey("cashflows.id")),
        sa.Column("paid_at", INSTANT),
        sa.Column("changed_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint(
            "(status = 'processed') = (batch_id IS NOT NULL)", name="pricings_processed_in_a_batch"
        ),
        sa.CheckConstraint("(paid_at IS NULL) = (cashflow_id IS NULL)", name="pricings_paid_by_a_cashflow"),
        sa.Index(
            "pricings_one_active",
            "booking_id",
            unique=True,
            postgresql_where=sa.text("status <> 'cancelled'"),
        ),
        sa.Index("pricings_of_structure", "structure_id", "ordered_at", "id"),
        sa.Index("pricings_of_counter", "venue_id", "civil_year", "ordered_at"),
        sa.Index("pricings_waiting", "structure_id", postgresql_where=sa.text("status = 'validated'")),
        sa.Index("pricings_of_batch", "batch_id", "structure_id"),
        comment="The price of a used booking for its place; a new row when it is priced again",
    )


def _create_ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("line", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("structure_id", sa.Uuid, nullable=False),
        sa.Column("batch_id", sa.Uuid, nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.CheckConstraint("amount_cents <> 0", name="ledger_amount_not_zero"),
        sa.Index("ledger_of_batch", "batch_id", "account"),
        comment="Double entry, append-only: lines of an entry sum to zero; subject is a pricing or a cashflow",
    )
    # Rights stop whoever the service signs in as; the trigger also stops the owner and superusers.
    # Nothing may reference the ledger: checking a foreign key would need the right to update it.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON ledger FROM PUBLIC, CURRENT_USER")
    op.execute(
        """
        CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the ledger is append-only: correct it by the opposite entry'
                USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()
        """
    )
    # An entry is written whole, by one statement: what is added must balance.
    op.execute(
        """
        CREATE FUNCTION refuse_unbalanced_entries() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM added GROUP BY entry_id HAVING sum(amount_cents) <> 0) THEN
                RAISE EXCEPTION 'the lines of a ledger entry must sum to zero'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER ledger_entries_balance AFTER INSERT ON ledger REFERENCING NEW TABLE AS added
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced_entries()
        """
    )
