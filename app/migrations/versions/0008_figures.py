"""What figures count."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "counted_interview",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("learning_profile", sa.Integer(), nullable=False),
        sa.Column("version_hash", sa.String(length=64), nullable=False),
        sa.Column("wording", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=5), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_counted_interview_participation_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_counted_interview")),
    )
    op.create_index(op.f("ix_counted_interview_participation_id"), "counted_interview", ["participation_id"])
    op.create_table(
        "uncounted_answer",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=90), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "code", name=op.f("pk_uncounted_answer")),
        sqlite_with_rowid=False,
    )
    _counts("figure_count", "participation_id", "participation.id")
    _counts("benchmark_count", "wave_id", "wave.id")
    op.create_table(
        "figure_scope",
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("is_dirty", sa.Boolean(), nullable=False),
        sa.Column("n_counts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_figure_scope_participation_id")
        ),
        sa.PrimaryKeyConstraint("participation_id", name=op.f("pk_figure_scope")),
    )
    op.create_table(
        "figure_version",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("version_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_figure_version_wave_id")),
        sa.ForeignKeyConstraint(
            ["version_hash"], ["questionnaire_version.hash"], name=op.f("fk_figure_version_version_hash")
        ),
        sa.PrimaryKeyConstraint("wave_id", "version_hash", name=op.f("pk_figure_version")),
    )


def _counts(name: str, owner: str, referred: str) -> None:
    keys = ("questionnaire", "code", "service", "wording", "mode", "language", "value")
    op.create_table(
        name,
        sa.Column(owner, sa.Integer(), nullable=False),
        sa.Column("questionnaire", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=90), nullable=False),
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("wording", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=5), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint([owner], [referred], name=op.f(f"fk_{name}_{owner}")),
        sa.PrimaryKeyConstraint(owner, *keys, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for name in (
        "figure_version",
        "figure_scope",
        "benchmark_count",
        "figure_count",
        "uncounted_answer",
        "counted_interview",
    ):
        op.drop_table(name)
