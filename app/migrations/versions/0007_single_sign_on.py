"""Single sign-on; what became of the mail with a link; attempts counted for all processes together."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("office_user") as user:
        user.add_column(sa.Column("sso_subject", sa.String(length=500), nullable=True))
        user.create_unique_constraint("uq_office_user_sso_subject", ["sso_subject"])
    op.execute("DELETE FROM account_link")  # of these nobody knows what they were for; new ones are made in a moment
    with op.batch_alter_table("account_link") as link:
        link.add_column(sa.Column("purpose", sa.String(length=10), nullable=False))
        link.add_column(sa.Column("mailed_at", MOMENT, nullable=True))
        link.add_column(sa.Column("problem", sa.String(length=120), nullable=True))
    op.create_table(
        "attempt",
        sa.Column("who", sa.LargeBinary(length=16), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("who", "period", name="pk_attempt"),
    )
    op.create_index("ix_attempt_ends_at", "attempt", ["ends_at"])


def downgrade() -> None:
    op.drop_table("attempt")
    with op.batch_alter_table("account_link") as link:
        link.drop_column("problem")
        link.drop_column("mailed_at")
        link.drop_column("purpose")
    with op.batch_alter_table("office_user") as user:
        user.drop_constraint("uq_office_user_sso_subject", type_="unique")
        user.drop_column("sso_subject")
