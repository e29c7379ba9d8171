"""What the button below a notice stopped, for the one that brings it back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("ledger_deliveries", sa.Column("stopped", sa.Text))
