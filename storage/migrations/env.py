"""Run by alembic; the connection comes from `storage.migrate`, which owns the transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=None,
    # SQLite can roll back DDL, and storage.db begins real transactions, so a migration is all or nothing.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
