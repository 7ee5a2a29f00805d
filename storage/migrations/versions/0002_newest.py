"""What is asked or written many times a second costs less.

Indexes for the newest evidence of a claim and the end of the last observation; and the full-text
tables follow a row only when its words change: a reinforced claim or a perceived observation keeps
them, and writing both indexes again was a quarter of the writer's time.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FULL_TEXT = {"observations": ("title", "text", "url"), "propositions": ("text",)}


def upgrade() -> None:
    op.execute("CREATE INDEX evidence_newest ON evidence (proposition_id, n)")
    op.execute("CREATE INDEX observations_until ON observations (until)")
    for table, columns in FULL_TEXT.items():
        for suffix in ("words", "grams"):
            follow_changes(table, columns, f"{table}_{suffix}")


def follow_changes(table: str, columns: tuple[str, ...], fts: str) -> None:
    names = ", ".join(columns)
    old = ", ".join(f"old.{c}" for c in columns)
    new = ", ".join(f"new.{c}" for c in columns)
    changed = " OR ".join(f"old.{c} IS NOT new.{c}" for c in columns)
    op.execute(f"DROP TRIGGER {fts}_update")
    op.execute(
        f"CREATE TRIGGER {fts}_update AFTER UPDATE OF {names} ON {table} WHEN {changed} BEGIN "
        f"INSERT INTO {fts} ({fts}, rowid, {names}) VALUES ('delete', old.n, {old}); "
        f"INSERT INTO {fts} (rowid, {names}) VALUES (new.n, {new}); END"
    )
