"""Evidence can be weighed without its observation; claims know what they replaced and what is settled.

- evidence carries when, where and by whose words it was seen, who read it and how sure that one was, so that
  a claim can be scored anew, also when the observation has gone by age (`observation_id` is then NULL);
- `links` say which claim took the place of, or contradicts, which;
- `settled` are those the person has confirmed or edited: no inference changes them.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
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
  UNIQUE (proposition_id, observation_id, quote)) STRICT;
INSERT INTO evidence_new (n, proposition_id, observation_id, quote, stance, weight, at, app, trust)
  SELECT e.n, e.proposition_id, e.observation_id, e.quote, e.stance, e.weight, o.at, o.app, o.trust
  FROM evidence e JOIN observations o ON o.id = e.observation_id;
DROP TABLE evidence;
ALTER TABLE evidence_new RENAME TO evidence;
CREATE INDEX ix_evidence_observation_id ON evidence (observation_id);
CREATE INDEX evidence_newest ON evidence (proposition_id, n);

ALTER TABLE propositions ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;

CREATE TABLE links (
  n INTEGER NOT NULL PRIMARY KEY,
  proposition_id TEXT NOT NULL REFERENCES propositions (id) ON DELETE CASCADE,
  other_id TEXT NOT NULL REFERENCES propositions (id) ON DELETE CASCADE,
  kind TEXT NOT NULL, at INTEGER NOT NULL,
  UNIQUE (proposition_id, other_id, kind)) STRICT;
CREATE INDEX ix_links_other_id ON links (other_id)
"""


def upgrade() -> None:
    for statement in STEPS.split(";"):
        op.execute(statement.strip())
