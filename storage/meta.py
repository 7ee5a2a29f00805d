"""Small facts that must outlive a restart: the pause, the claim salt."""

from sqlalchemy import delete as delete_rows
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from storage.schema import MetaRow


def get(s: Session, key: str) -> str | None:
    """The value kept under `key`."""
    return s.scalar(select(MetaRow.value).where(MetaRow.key == key))


def put(s: Session, key: str, value: str) -> None:
    """Keeps `value` under `key`, in place of what was there."""
    statement = insert(MetaRow).values(key=key, value=value)
    s.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def delete(s: Session, key: str) -> None:
    """Drops `key`, if it is there."""
    s.execute(delete_rows(MetaRow).where(MetaRow.key == key))
