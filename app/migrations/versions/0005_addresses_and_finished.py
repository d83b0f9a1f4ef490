"""Addresses that turned out not to work, per channel; who has finished, where fieldwork can see it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("contact") as contact:
        contact.add_column(sa.Column("email_failed_at", MOMENT, nullable=True))
        contact.add_column(sa.Column("post_failed_at", MOMENT, nullable=True))
    op.execute(
        "UPDATE survey_case SET disposition = 'finished' WHERE disposition IN ('open', 'undeliverable')"
        " AND id IN (SELECT case_id FROM interview WHERE finished_at IS NOT NULL)"
    )


def downgrade() -> None:
    op.execute("UPDATE survey_case SET disposition = 'open' WHERE disposition = 'finished'")
    with op.batch_alter_table("contact") as contact:
        contact.drop_column("post_failed_at")
        contact.drop_column("email_failed_at")
