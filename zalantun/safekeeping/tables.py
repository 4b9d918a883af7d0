"""Which tables and columns a backup holds."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from django.apps import apps as current_apps
from django.apps.registry import Apps
from django.db import models

Model: TypeAlias = type[models.Model]

# Worked out from other rows; the sweep of the search does it anew after a restore.
DERIVED = frozenset({"search.searchentry", "search.pending"})


def tables(apps: Apps = current_apps) -> list[Model]:
    """All models that own a table, tables between two others among them, by name."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and label(model) not in DERIVED
    ]
    return sorted(found, key=label)


def label(model: Model) -> str:
    """The name of a table inside an archive."""
    return model._meta.label_lower


def columns(model: Model) -> "Sequence[models.Field[Any, Any]]":
    """The columns that are written; the database works out the others by itself."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def rows(model: Model, connection: Any) -> Iterator[Sequence[object]]:
    """Every row of a table in the order of its key, read in pieces over this connection."""
    query = model._base_manager.order_by("pk").values_list(*(field.attname for field in columns(model))).query
    compiler = query.get_compiler(connection=connection)
    yield from compiler.results_iter(tuple_expected=True, chunked_fetch=True, chunk_size=2000)
