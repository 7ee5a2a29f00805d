"""Rules may go by the class of a window, its monitor, full screen, hours, and whether the screen is shared."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = ("window_class TEXT", "monitor TEXT", "full_screen INTEGER", "hours TEXT", "sharing INTEGER")


def upgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE rules ADD COLUMN {column}")
