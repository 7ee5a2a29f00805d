"""The first schema."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE observations (
  n INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, at INTEGER NOT NULL,
  until INTEGER NOT NULL, app TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, trust TEXT NOT NULL,
  url TEXT, site TEXT, frame_id TEXT) STRICT;
CREATE INDEX observations_at ON observations (at);
CREATE INDEX observations_app ON observations (app, at);

CREATE TABLE frames (
  id TEXT NOT NULL PRIMARY KEY,
  observation_id TEXT NOT NULL REFERENCES observations (id) ON DELETE CASCADE,
  at INTEGER NOT NULL, display TEXT NOT NULL, "left" INTEGER NOT NULL, top INTEGER NOT NULL,
  width INTEGER NOT NULL, height INTEGER NOT NULL, digest TEXT NOT NULL, encoded BLOB NOT NULL) STRICT;
CREATE INDEX ix_frames_observation_id ON frames (observation_id);

CREATE TABLE percepts (
  observation_id TEXT NOT NULL PRIMARY KEY REFERENCES observations (id) ON DELETE CASCADE,
  vector BLOB NOT NULL, surprise REAL NOT NULL, model TEXT NOT NULL) STRICT;

CREATE TABLE propositions (
  n INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, slots TEXT NOT NULL,
  text TEXT NOT NULL, subject TEXT NOT NULL, confidence REAL NOT NULL, half_life INTEGER NOT NULL,
  sensitivity TEXT NOT NULL, status TEXT NOT NULL, valid_from INTEGER NOT NULL, valid_until INTEGER,
  created_at INTEGER NOT NULL, supported_at INTEGER NOT NULL, claim TEXT NOT NULL, vector BLOB, model TEXT)
  STRICT;
CREATE INDEX propositions_status ON propositions (status, supported_at);
CREATE INDEX propositions_type ON propositions (type, status, supported_at);
CREATE INDEX propositions_claim ON propositions (claim);

CREATE TABLE evidence (
  n INTEGER NOT NULL PRIMARY KEY,
  proposition_id TEXT NOT NULL REFERENCES propositions (id) ON DELETE CASCADE,
  observation_id TEXT NOT NULL REFERENCES observations (id) ON DELETE CASCADE,
  quote TEXT NOT NULL, stance TEXT NOT NULL, weight REAL NOT NULL,
  UNIQUE (proposition_id, observation_id, quote)) STRICT;
CREATE INDEX ix_evidence_observation_id ON evidence (observation_id);

CREATE TABLE revisions (
  n INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  proposition_id TEXT NOT NULL REFERENCES propositions (id) ON DELETE CASCADE,
  cause TEXT NOT NULL, before TEXT, after TEXT, evidence TEXT NOT NULL, at INTEGER NOT NULL,
  reasoning TEXT NOT NULL) STRICT;
CREATE INDEX ix_revisions_proposition_id ON revisions (proposition_id);

CREATE TABLE work (
  n INTEGER NOT NULL PRIMARY KEY, kind TEXT NOT NULL,
  observation_id TEXT NOT NULL REFERENCES observations (id) ON DELETE CASCADE,
  state TEXT NOT NULL, attempts INTEGER NOT NULL, interrupted INTEGER NOT NULL, queued_at INTEGER NOT NULL,
  not_before INTEGER, lease_until INTEGER, error TEXT NOT NULL, UNIQUE (kind, observation_id)) STRICT;
CREATE INDEX work_state ON work (kind, state);
CREATE INDEX ix_work_observation_id ON work (observation_id);

CREATE TABLE exclusions (
  quarter INTEGER NOT NULL, app TEXT NOT NULL, rule_id TEXT NOT NULL, count INTEGER NOT NULL,
  last_at INTEGER NOT NULL, PRIMARY KEY (quarter, app, rule_id)) STRICT;

CREATE TABLE rules (
  n INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, effect TEXT NOT NULL,
  app TEXT, title TEXT, url TEXT, private INTEGER, retention INTEGER) STRICT;

CREATE TABLE suggestions (
  n INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, text TEXT NOT NULL,
  why_now TEXT NOT NULL, p_useful REAL NOT NULL, benefit REAL NOT NULL, cost_shown REAL NOT NULL,
  cost_missed REAL NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, state TEXT NOT NULL,
  shown_at INTEGER, plan TEXT) STRICT;
CREATE INDEX suggestions_state ON suggestions (state);

CREATE TABLE suggestion_why (
  suggestion_id TEXT NOT NULL REFERENCES suggestions (id) ON DELETE CASCADE,
  position INTEGER NOT NULL, proposition_id TEXT NOT NULL, PRIMARY KEY (suggestion_id, position)) STRICT;
CREATE INDEX suggestion_why_proposition ON suggestion_why (proposition_id);

CREATE TABLE plans (
  n INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  suggestion_id TEXT REFERENCES suggestions (id) ON DELETE CASCADE,
  goal TEXT NOT NULL, steps TEXT NOT NULL, state TEXT NOT NULL, created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;
CREATE INDEX ix_plans_suggestion_id ON plans (suggestion_id);

CREATE TABLE outcomes (
  n INTEGER NOT NULL PRIMARY KEY, plan_id TEXT NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
  step_index INTEGER NOT NULL, ok INTEGER NOT NULL, seen TEXT NOT NULL, undo_token TEXT NOT NULL,
  at INTEGER NOT NULL) STRICT;
CREATE INDEX ix_outcomes_plan_id ON outcomes (plan_id);

CREATE TABLE feedback (
  n INTEGER NOT NULL PRIMARY KEY, subject_id TEXT NOT NULL, kind TEXT NOT NULL, verdict TEXT NOT NULL,
  note TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX feedback_subject ON feedback (subject_id);

CREATE TABLE tombstones (claim TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE meta ("key" TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT
"""

WORDS = "unicode61 remove_diacritics 2"
GRAMS = "trigram remove_diacritics 1"


def full_text(table: str, columns: tuple[str, ...]) -> list[str]:
    """Two external-content FTS5 tables that follow `table`, and their triggers."""
    made = []
    names = ", ".join(columns)
    for suffix, tokenizer in (("words", WORDS), ("grams", GRAMS)):
        fts = f"{table}_{suffix}"
        old = ", ".join(f"old.{c}" for c in columns)
        new = ", ".join(f"new.{c}" for c in columns)
        drop = f"INSERT INTO {fts} ({fts}, rowid, {names}) VALUES ('delete', old.n, {old});"
        add = f"INSERT INTO {fts} (rowid, {names}) VALUES (new.n, {new});"
        made += [
            f"CREATE VIRTUAL TABLE {fts} USING fts5 "
            f"({names}, content='{table}', content_rowid='n', tokenize='{tokenizer}')",
            # Without this a deleted row's words stay in the index until it is merged.
            f"INSERT INTO {fts} ({fts}, rank) VALUES ('secure-delete', 1)",
            f"CREATE TRIGGER {fts}_insert AFTER INSERT ON {table} BEGIN {add} END",
            f"CREATE TRIGGER {fts}_delete AFTER DELETE ON {table} BEGIN {drop} END",
            f"CREATE TRIGGER {fts}_update AFTER UPDATE OF {names} ON {table} BEGIN {drop} {add} END",
        ]
    made.append(f"CREATE VIRTUAL TABLE {table}_terms USING fts5vocab({table}_words, row)")
    return made


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
    for statement in full_text("observations", ("title", "text", "url")):
        op.execute(statement)
    for statement in full_text("propositions", ("text",)):
        op.execute(statement)
    op.execute("INSERT INTO meta VALUES ('claim_salt', lower(hex(randomblob(16))))")
