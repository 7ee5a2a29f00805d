"""Evidence needs one index less: the one that keeps the same quote from counting twice also finds what rests
on an observation, when that comes first in it. Indexes were half of what evidence weighs.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STEPS = """
CREATE TABLE evidence_new (
  n INTEGER NOT NULL PRIMARY KEY,
  proposition_id TEXT NOT NULL REFERENCES propositions (id) ON DELETE CASCADE,
  observation_id TEXT REFERENCES observations (id) ON DELETE CASCADE,
  quote TEXT NOT NULL, stance TEXT NOT NULL, weight REAL NOT NULL,
  at INTEGER NOT NULL, app TEXT NOT NULL, trust TEXT NOT NULL,
  drafter TEXT NOT NULL DEFAULT '', sure REAL NOT NULL DEFAULT 0.5,
  UNIQUE (observation_id, proposition_id, quote)) STRICT;
INSERT INTO evidence_new SELECT
  n, proposition_id, observation_id, quote, stance, weight, at, app, trust, drafter, sure FROM evidence;
DROP TABLE evidence;
ALTER TABLE evidence_new RENAME TO evidence;
CREATE INDEX evidence_newest ON evidence (proposition_id, n)
"""


def upgrade() -> None:
    for statement in STEPS.split(";"):
        op.execute(statement.strip())
