"""Sign-up forms apart from accounts, links that belong to one form, and the places people sign in from."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE sign_up_forms (
            id uuid CONSTRAINT sign_up_forms_pkey PRIMARY KEY,
            person_id uuid NOT NULL CONSTRAINT sign_up_forms_person_id_fkey REFERENCES persons (id),
            password_hash text NOT NULL,
            first_name text NOT NULL,
            last_name text NOT NULL,
            birth_date date,
            phone text,
            postal_code text,
            department_code text,
            structure_id uuid CONSTRAINT sign_up_forms_structure_id_fkey REFERENCES structures (id),
            created_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX sign_up_forms_person_id_idx ON sign_up_forms (person_id)")
    op.execute("CREATE INDEX sign_up_forms_structure_id_idx ON sign_up_forms (structure_id)")
    op.execute("COMMENT ON COLUMN sign_up_forms.structure_id IS 'Of a pro form: whom it asked to act for'")
    op.execute(
        """
        ALTER TABLE account_tokens ADD COLUMN form_id uuid
            CONSTRAINT account_tokens_form_id_fkey REFERENCES sign_up_forms (id) ON DELETE CASCADE
        """
    )
    op.execute("CREATE INDEX account_tokens_form_id_idx ON account_tokens (form_id)")
    # Links that were mailed before this belong to no form: they prove a mailbox, and nobody's password.
    op.execute("DELETE FROM account_tokens WHERE purpose = 'confirm_email' AND used_at IS NULL")
    op.execute(
        """
        CREATE TABLE known_places (
            person_id uuid NOT NULL CONSTRAINT known_places_person_id_fkey REFERENCES persons (id),
            place bytea NOT NULL,
            last_seen_at timestamptz NOT NULL,
            CONSTRAINT known_places_pkey PRIMARY KEY (person_id, place)
        )
        """
    )
    op.execute(
        "COMMENT ON COLUMN known_places.place IS 'Keyed digest of a network somebody has signed in from'"
    )
