"""Other programs as clients: who may ask, what each was told, what they put before the person."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STEPS = """
CREATE TABLE clients (
  id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, token_hash BLOB NOT NULL, scope TEXT NOT NULL,
  given_at INTEGER NOT NULL, until INTEGER, last_used_at INTEGER, revoked_at INTEGER) STRICT;

CREATE TABLE disclosed (
  n INTEGER NOT NULL PRIMARY KEY, digest BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, body BLOB NOT NULL) STRICT;

CREATE TABLE disclosures (
  n INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
  client_id TEXT NOT NULL, client TEXT NOT NULL, operation TEXT NOT NULL, query TEXT NOT NULL,
  items INTEGER NOT NULL, withheld INTEGER NOT NULL,
  content INTEGER REFERENCES disclosed (n) ON DELETE SET NULL) STRICT;
CREATE INDEX disclosures_at ON disclosures (at);
CREATE INDEX disclosures_content ON disclosures (content);

CREATE TABLE disclosed_about (
  content INTEGER NOT NULL REFERENCES disclosed (n) ON DELETE CASCADE, subject_id TEXT NOT NULL,
  PRIMARY KEY (content, subject_id)) STRICT, WITHOUT ROWID;
CREATE INDEX disclosed_about_subject ON disclosed_about (subject_id);

CREATE TABLE proposals (
  n INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, client_id TEXT NOT NULL, client TEXT NOT NULL,
  kind TEXT NOT NULL, what TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, decided_at INTEGER) STRICT;
CREATE INDEX proposals_state ON proposals (state, at);

CREATE TABLE idempotent (
  client_id TEXT NOT NULL, key TEXT NOT NULL, request BLOB NOT NULL, status INTEGER NOT NULL,
  body BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (client_id, key)) STRICT, WITHOUT ROWID;
CREATE INDEX idempotent_at ON idempotent (at);

CREATE TABLE aliases (
  name TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, number INTEGER NOT NULL, shown TEXT NOT NULL) STRICT;

ALTER TABLE plans ADD COLUMN client_id TEXT;

CREATE INDEX propositions_due ON propositions (valid_until) WHERE valid_until IS NOT NULL
"""


def upgrade() -> None:
    for statement in STEPS.split(";"):
        op.execute(statement.strip())
