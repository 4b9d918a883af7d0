"""The index over grams: FTS5 on SQLite, a stored column of lexemes on PostgreSQL."""

from typing import Any

from django.db import migrations

from search import fulltext


def install(apps: Any, schema_editor: Any) -> None:
    fulltext.install(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    fulltext.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(install, remove, elidable=False)]
