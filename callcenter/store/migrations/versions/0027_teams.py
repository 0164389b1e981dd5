"""Teams with their queues and leaders.

The words that stood with agents become teams, with the queues that their agents serve. Supervisors
saw the whole house so far: they go on doing so, as leaders of a team of their own, until an
administrator gives them narrower ones.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027_teams"
down_revision = "0026_outside_calls"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE_HOUSE = "house"


def upgrade() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("everything", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
    )
    op.create_table(
        "team_queues",
        sa.Column("team_id", sa.String(length=64), nullable=False),
        sa.Column("queue_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_team_queues_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["queues.id"], name=op.f("fk_team_queues_queue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "queue_id", name=op.f("pk_team_queues")),
    )
    op.create_index(op.f("ix_team_queues_queue_id"), "team_queues", ["queue_id"])
    op.create_table(
        "team_leaders",
        sa.Column("team_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_team_leaders_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_team_leaders_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_team_leaders")),
    )
    op.create_index(op.f("ix_team_leaders_user_id"), "team_leaders", ["user_id"])
    op.execute("update agents set team = replace(team, '/', '-') where team like '%/%'")
    op.execute(
        "insert into teams (id, name) select distinct team, team from agents where team <> ''"
    )
    op.execute(
        "insert into team_queues (team_id, queue_id) select distinct a.team, m.queue_id"
        " from agents a join queue_members m on m.agent_id = a.id where a.team <> ''"
    )
    op.execute(
        "insert into teams (id, name, everything)"
        f" select '{WHOLE_HOUSE}', 'Whole house', true where exists"
        " (select from users where role = 'supervisor')"
        " on conflict (id) do update set everything = true"
    )
    op.execute(
        "insert into team_leaders (team_id, user_id)"
        f" select '{WHOLE_HOUSE}', id from users where role = 'supervisor'"
    )


def downgrade() -> None:
    op.drop_table("team_leaders")
    op.drop_table("team_queues")
    op.drop_table("teams")
