"""Alembic's entry: run the scripts on the connection that ``store.migrate`` hands over."""

from alembic import context

from labelwright.store import site_tables, tables

branch = context.config.attributes["branch"]
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata={"site": site_tables.META, "project": tables.META}[branch],
    version_table=f"alembic_version_{branch}",
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
