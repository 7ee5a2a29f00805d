"""What was held back and why, what the person allowed from then on, and other people's numbers."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STEPS = """
CREATE TABLE decisions (
  n INTEGER NOT NULL PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, stage TEXT NOT NULL, recipient TEXT NOT NULL,
  place TEXT NOT NULL, rule TEXT NOT NULL, reason TEXT NOT NULL, what TEXT NOT NULL,
  decision TEXT NOT NULL, count INTEGER NOT NULL,
  observation_id TEXT REFERENCES observations (id) ON DELETE CASCADE,
  proposition_id TEXT REFERENCES propositions (id) ON DELETE CASCADE,
  reversed_at INTEGER) STRICT;
CREATE INDEX decisions_at ON decisions (at);
CREATE INDEX decisions_rule ON decisions (rule, place);
CREATE INDEX ix_decisions_observation_id ON decisions (observation_id);
CREATE INDEX ix_decisions_proposition_id ON decisions (proposition_id);

CREATE TABLE exemptions (
  id TEXT NOT NULL PRIMARY KEY, rule TEXT NOT NULL, place TEXT NOT NULL, at INTEGER NOT NULL,
  UNIQUE (rule, place)) STRICT;

CREATE TABLE people (
  name TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL, shown TEXT NOT NULL, real INTEGER NOT NULL) STRICT
"""


def upgrade() -> None:
    for statement in STEPS.split(";"):
        op.execute(statement.strip())
