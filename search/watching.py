"""What changes is noted by the database itself, so the index cannot go stale unseen.

Triggers on the tables of the records write a row into ``search_pending`` for
every record that a change concerns, whoever makes it: services, the admin, a
write in bulk, a shell. They go before a migration, which may rebuild a table,
and come back after it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from search import fulltext
from search.documents import Source, Watch
from search.models import Pending, SearchEntry
from search.sources import sources

PREFIX = "search_watch_"
SEEN = {"INSERT": ("NEW",), "UPDATE": ("NEW", "OLD"), "DELETE": ("OLD",)}
PRESENT = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal",
}


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: on a change of a table, note records of a kind."""

    name: str
    event: str
    kind: str
    watch: Watch

    @property
    def table(self) -> str:
        """The table that is watched."""
        return self.watch.model._meta.db_table

    def statements(self, vendor: str) -> list[str]:
        """SQL that puts it up; all of its parts are names and numbers from the code."""
        ids = " UNION ".join(self.watch.ids.format(row=row) for row in SEEN[self.event])
        note = (
            f"INSERT INTO {Pending._meta.db_table} (kind, object_id) "  # noqa: S608
            f"SELECT '{self.kind}', watched.id FROM ({ids}) AS watched WHERE watched.id IS NOT NULL"
        )
        head = f'CREATE TRIGGER {self.name} AFTER {self.event} ON "{self.table}" FOR EACH ROW'
        if vendor == "sqlite":
            return [f"{head} BEGIN {note}; END"]
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {note}; RETURN NULL; END $$",
            f"{head} EXECUTE FUNCTION {self.name}()",
        ]


def triggers() -> Iterator[Trigger]:
    """All that belong to the sources."""
    for source in sources():
        for number, watch in enumerate(source.watches, start=1):
            for event in SEEN:
                yield Trigger(f"{PREFIX}{source.kind}_{number}_{event.lower()}", event, source.kind, watch)


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of those that should be there and are not."""
    present = _present(connection)
    return [trigger.name for trigger in triggers() if trigger.name not in present]


def install(connection: BaseDatabaseWrapper) -> bool:
    """Put up what is missing; returns whether anything was."""
    missing = set(missing_triggers(connection))
    with connection.cursor() as cursor:
        for trigger in triggers():
            if trigger.name in missing:
                for statement in trigger.statements(connection.vendor):
                    cursor.execute(statement)
    return bool(missing)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take all of them down."""
    with connection.cursor() as cursor:
        for name, table in _present(connection).items():
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER {name}")
            else:
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def note_everything() -> None:
    """Every record, and every entry of the index, is to be looked at again."""
    for source in sources():
        rows = (Pending(kind=source.kind, object_id=pk) for pk in _all_ids(source))
        Pending.objects.bulk_create(rows, batch_size=5_000)


def _all_ids(source: Source) -> set[int]:
    indexed = SearchEntry.objects.filter(kind=source.kind).values_list("object_id", flat=True)
    return {*source.everything().values_list("pk", flat=True), *indexed}


def _present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def before_migrate(*, using: str, plan: list[Any] | None = None, **kwargs: Any) -> None:
    """A migration may rebuild tables that triggers read: they go first."""
    if _concerns(plan):
        remove(connections[using])


def after_migrate(*, using: str, plan: list[Any] | None = None, **kwargs: Any) -> None:
    """Triggers come back; what a migration has written meanwhile is unknown, so all is looked at again."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    needed = {trigger.table for trigger in triggers()} | {SearchEntry._meta.db_table}
    if not needed <= tables:  # a migration back to an earlier state
        return
    fulltext.install(connection)
    if install(connection) or _concerns(plan):
        note_everything()


def _concerns(plan: list[Any] | None) -> bool:
    """Whether a migration may touch a table that is watched, or the index itself."""
    watched = {trigger.watch.model._meta.app_label for trigger in triggers()} | {SearchEntry._meta.app_label}
    return any(migration.app_label in watched for migration, _ in plan or ())
