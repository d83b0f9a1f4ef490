"""Reports, their versions, what providers say about them, and open answers that were screened."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "screened_answer",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=90), nullable=False),
        sa.Column("answer_hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("screened_at", MOMENT, nullable=False),
        sa.Column("screened_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["survey_case.id"], name=op.f("fk_screened_answer_case_id")),
        sa.PrimaryKeyConstraint("case_id", "code", name=op.f("pk_screened_answer")),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("change_note", sa.String(length=2000), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("reviewed_by", sa.String(length=60), nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("published_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["participation_id"], ["participation.id"], name=op.f("fk_report_participation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("participation_id", "version", name=op.f("uq_report_participation_id_version")),
    )
    op.create_table(
        "rebuttal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("written_by", sa.String(length=60), nullable=False),
        sa.Column("is_from_provider", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_rebuttal_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebuttal")),
    )
    op.create_index(op.f("ix_rebuttal_report_id"), "rebuttal", ["report_id"])


def downgrade() -> None:
    for table in ("rebuttal", "report", "screened_answer"):
        op.drop_table(table)
