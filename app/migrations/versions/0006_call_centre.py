"""The call centre: attempts, appointments, agents' shifts and queue; how far providers are from their norm."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    with op.batch_alter_table("survey_case") as case:
        case.add_column(sa.Column("aapor", sa.String(length=6), nullable=True))
        case.add_column(sa.Column("called_at", MOMENT, nullable=True))
    with op.batch_alter_table("contact") as contact:
        contact.add_column(sa.Column("phone_failed_at", MOMENT, nullable=True))
    with op.batch_alter_table("participation") as participation:
        participation.add_column(sa.Column("phone_quota", sa.Integer(), nullable=True))
    op.create_table(
        "norm_progress",
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("norm_group", sa.String(length=13), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("n_net", sa.Integer(), nullable=False),
        sa.Column("n_finished", sa.Integer(), nullable=False),
        sa.Column("n_needed", sa.Integer(), nullable=False),
        _refers("norm_progress", "participation_id", "participation.id"),
        _refers("norm_progress", "wave_id", "wave.id"),
        sa.PrimaryKeyConstraint("participation_id", "norm_group", name=op.f("pk_norm_progress")),
    )
    op.create_index(op.f("ix_norm_progress_wave_id"), "norm_progress", ["wave_id"])
    _agents()
    _call_state()
    _attempts()


def _agents() -> None:
    op.create_table(
        "agent",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        _refers("agent", "user_id", "office_user.id"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_agent")),
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        _refers("shift", "user_id", "office_user.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index("ix_shift_user_id_started_at", "shift", ["user_id", "started_at"])


def _call_state() -> None:
    op.create_table(
        "call_state",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("norm_group", sa.String(length=13), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("stage", sa.String(length=11), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("is_requested", sa.Boolean(), nullable=False),
        sa.Column("barred_parts", sa.Integer(), nullable=False),
        sa.Column("tried_parts", sa.Integer(), nullable=False),
        sa.Column("n_attempts", sa.Integer(), nullable=False),
        sa.Column("n_busy", sa.Integer(), nullable=False),
        sa.Column("n_soft_refusals", sa.Integer(), nullable=False),
        sa.Column("has_message", sa.Boolean(), nullable=False),
        sa.Column("phone_index", sa.Integer(), nullable=False),
        sa.Column("last_outcome", sa.String(length=24), nullable=True),
        sa.Column("ended_because", sa.String(length=12), nullable=True),
        sa.Column("for_user_id", sa.Integer(), nullable=True),
        sa.Column("not_user_id", sa.Integer(), nullable=True),
        sa.Column("locked_by", sa.Integer(), nullable=True),
        sa.Column("locked_until", MOMENT, nullable=True),
        _refers("call_state", "case_id", "survey_case.id"),
        _refers("call_state", "participation_id", "participation.id"),
        _refers("call_state", "for_user_id", "office_user.id"),
        _refers("call_state", "not_user_id", "office_user.id"),
        _refers("call_state", "locked_by", "office_user.id"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_call_state")),
    )
    queue = ["participation_id", "norm_group", "state", "stage", "due_at", "case_id"]
    op.create_index("ix_call_state_queue", "call_state", queue)
    op.create_index("ix_call_state_state_stage_due_at", "call_state", ["state", "stage", "due_at"])
    op.create_index(op.f("ix_call_state_locked_by"), "call_state", ["locked_by"])


def _attempts() -> None:
    op.create_table(
        "call_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("phone_index", sa.Integer(), nullable=False),
        sa.Column("day_part", sa.String(length=9), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        _refers("call_attempt", "case_id", "survey_case.id"),
        _refers("call_attempt", "user_id", "office_user.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_attempt")),
    )
    op.create_index("ix_call_attempt_case_id_started_at", "call_attempt", ["case_id", "started_at"])
    op.create_index("ix_call_attempt_user_id_started_at", "call_attempt", ["user_id", "started_at"])
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("is_definite", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        _refers("appointment", "case_id", "survey_case.id"),
        _refers("appointment", "user_id", "office_user.id"),
        _refers("appointment", "made_by", "office_user.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_at", "appointment", ["at"])
    op.create_index("ix_appointment_case_id", "appointment", ["case_id"])


def downgrade() -> None:
    for name in ("appointment", "call_attempt", "call_state", "shift", "agent", "norm_progress"):
        op.drop_table(name)
    with op.batch_alter_table("participation") as participation:
        participation.drop_column("phone_quota")
    with op.batch_alter_table("contact") as contact:
        contact.drop_column("phone_failed_at")
    with op.batch_alter_table("survey_case") as case:
        case.drop_column("called_at")
        case.drop_column("aapor")
