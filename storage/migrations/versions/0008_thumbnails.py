"""Frames may bring what was there before them; small pictures of what was read may be kept."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STEPS = """
ALTER TABLE frames ADD COLUMN before BLOB;

CREATE TABLE thumbnails (
  observation_id TEXT NOT NULL PRIMARY KEY REFERENCES observations (id) ON DELETE CASCADE,
  at INTEGER NOT NULL, size INTEGER NOT NULL, webp BLOB NOT NULL) STRICT;
CREATE INDEX thumbnails_at ON thumbnails (at, size)
"""
# What was read from one picture may have become several observations, "id", "id-1", "id-2"
# (app.pixels.split). The picture hangs on the first and shows them all.
PARTS = """
CREATE TRIGGER thumbnails_of_parts AFTER DELETE ON observations WHEN instr(old.id, '-') > 0 BEGIN
  DELETE FROM thumbnails WHERE observation_id = substr(old.id, 1, instr(old.id, '-') - 1);
END
"""


def upgrade() -> None:
    for statement in STEPS.split(";"):
        op.execute(statement.strip())
    op.execute(PARTS.strip())
