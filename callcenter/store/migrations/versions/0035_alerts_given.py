"""Alerts that are given to somebody; wallboards that were removed and can still come back."""

from alembic import op

revision = "0035_alerts_given"
down_revision = "0034_trunks"
branch_labels = None
depends_on = None

STATEMENTS = (
    "alter table alert_events add column given_to uuid",
    "alter table alert_events add column given_name varchar(120) not null default ''",
    "alter table alert_events add column given_by_name varchar(120) not null default ''",
    "alter table alert_events add column given timestamptz",
    "alter table alert_events add column taken timestamptz",
    "alter table walls add column removed timestamptz",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
