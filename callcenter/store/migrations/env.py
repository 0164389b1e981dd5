"""Alembic's entry; it works on the connection that `migrate` hands over, never on its own."""

from alembic import context

from callcenter.store.tables import Base

connection = context.config.attributes["connection"]
if connection is None:
    raise SystemExit("migrations are run by callcenter.store.migrations.migrate(url)")

context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
