"""The trigram index of observations holds only those with a script that puts no spaces between its words.

In all others the index of words finds what is asked for. For 100,000 observations in English the trigrams were
two fifths of the file, most of what storing an observation costs, and nearly all of what forgetting one does:
its trigrams lie scattered over the whole index. By the middle of a word only the newest observations are found
now, by reading them. Propositions, of which there are few, keep theirs.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = ("title", "text", "url")
FTS, VIEW = "observations_grams", "observations_unspaced"
GRAMS = "trigram remove_diacritics 1"
# Thai to Tibetan, Burmese, Khmer, marks of Japanese, kana, bopomofo, Han; as in storage.match.
UNSPACED = (
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
)


def upgrade() -> None:
    for what in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER {FTS}_{what}")
    op.execute(f"DROP TABLE {FTS}")
    names = ", ".join(COLUMNS)
    # A view, so that making the index anew and checking it see the same rows as the triggers.
    op.execute(f"CREATE VIEW {VIEW} AS SELECT n, {names} FROM observations WHERE {having('observations')}")
    op.execute(
        f"CREATE VIRTUAL TABLE {FTS} USING fts5 ({names}, content='{VIEW}', content_rowid='n', tokenize='{GRAMS}')"
    )
    op.execute(f"INSERT INTO {FTS} ({FTS}, rank) VALUES ('secure-delete', 1)")
    op.execute(f"INSERT INTO {FTS} ({FTS}) VALUES ('rebuild')")
    triggers()


def triggers() -> None:
    changed = " OR ".join(f"old.{c} IS NOT new.{c}" for c in COLUMNS)
    for what, when, body in (
        ("insert", having("new"), [add()]),
        ("delete", having("old"), [drop()]),
        ("update", changed, [f"{drop()} WHERE {having('old')}", f"{add()} WHERE {having('new')}"]),
    ):
        op.execute(
            f"CREATE TRIGGER {FTS}_{what} AFTER {what.upper()} ON observations WHEN {when} "
            f"BEGIN {'; '.join(body)}; END"
        )


def having(row: str) -> str:
    """Whether one of the columns of `row` has a character of such a script."""
    return "(" + " OR ".join(f"{row}.{c} GLOB '*{UNSPACED}*'" for c in COLUMNS) + ")"


def add() -> str:
    names = ", ".join(COLUMNS)
    return f"INSERT INTO {FTS} (rowid, {names}) SELECT new.n, {', '.join(f'new.{c}' for c in COLUMNS)}"


def drop() -> str:
    names = ", ".join(COLUMNS)
    old = ", ".join(f"old.{c}" for c in COLUMNS)
    return f"INSERT INTO {FTS} ({FTS}, rowid, {names}) SELECT 'delete', old.n, {old}"
