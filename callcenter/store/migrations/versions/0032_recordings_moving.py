"""Recordings that are still to be moved into a bucket are found without looking at all."""

import sqlalchemy as sa
from alembic import op

revision = "0032_recordings_moving"
down_revision = "0031_shifts"
branch_labels = None
depends_on = None

MOVING = sa.text("state = 'stored' and place <> 'bucket'")


def upgrade() -> None:
    op.create_index("ix_recordings_moving", "recordings", ["stored_at"], postgresql_where=MOVING)


def downgrade() -> None:
    op.drop_index("ix_recordings_moving", "recordings")
