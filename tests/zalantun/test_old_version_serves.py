"""Migrations run while the old version still serves: it must go on reading and writing.

What the old version names may not vanish, and what it does not name must fill
itself. Such a change takes two versions: first one that no longer uses the
column (or gives it ``null`` or ``db_default``), then one that removes it. A
migration that knows better says why in a line ``OLD_VERSION = "…"``.
"""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

# The first version that anybody ran; what came before had no old version to care for.
BASELINE = {
    "foundation": 6, "organizations": 6, "notifications": 1, "search": 3, "printing": 0, "gazette": 5,
    "events": 5, "directives": 7, "taskboard": 15, "floodresponse": 10, "zalantun": 1,
}  # fmt: skip
GONE = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def fault_of(operation: Operation) -> str:
    """What the old version would trip over, or nothing."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return "；".join(filter(None, map(fault_of, operation.database_operations)))
    if isinstance(operation, GONE):
        return f"{type(operation).__name__} takes away what the old version names"
    if isinstance(operation, migrations.AddField) and not _fills_itself(operation.field):
        return f"AddField {operation.name}: rows of the old version would lack it; give it null or db_default"
    if isinstance(operation, migrations.AddConstraint):
        return "AddConstraint: the old version may write what it forbids"
    return ""


def _fills_itself(field: Any) -> bool:
    many = isinstance(field, models.ManyToManyField)
    # Django takes the column's default away again once the old rows are filled.
    return many or field.null or field.generated or field.db_default is not NOT_PROVIDED


def new_migrations() -> Iterator[tuple[str, str, Any]]:
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        number = name.split("_")[0]
        if app in BASELINE and number.isdecimal() and int(number) > BASELINE[app]:
            yield app, name, migration


def test_every_room_has_a_baseline() -> None:
    ours = {config.label for config in apps.get_app_configs() if "site-packages" not in config.path}
    assert ours <= set(BASELINE)


def test_no_new_migration_breaks_the_version_that_serves() -> None:
    faults = []
    for app, name, migration in new_migrations():
        module = importlib.import_module(f"{app}.migrations.{name}")
        if getattr(module, "OLD_VERSION", ""):
            continue
        faults += [f"{app}/{name}: {fault}" for fault in map(fault_of, migration.operations) if fault]
    assert faults == []


TEXT = models.CharField(max_length=5)


@pytest.mark.parametrize(
    ("operation", "harmful"),
    [
        (migrations.RemoveField("task", "title"), True),
        (migrations.RenameField("task", "title", "name"), True),
        (migrations.DeleteModel("task"), True),
        (migrations.RenameModel("task", "duty"), True),
        (migrations.AddField("task", "x", TEXT), True),
        (migrations.AddField("task", "x", models.CharField(max_length=5, default="")), True),
        (migrations.AddField("task", "x", models.CharField(max_length=5, null=True)), False),
        (migrations.AddField("task", "x", models.CharField(max_length=5, db_default="")), False),
        (migrations.AddField("task", "x", models.ManyToManyField("task")), False),
        (migrations.AddConstraint("task", models.CheckConstraint(condition=models.Q(x=1), name="x")), True),
        (migrations.CreateModel("duty", []), False),
        (migrations.AddIndex("task", models.Index(fields=["x"], name="x")), False),
        (migrations.SeparateDatabaseAndState([migrations.DeleteModel("task")], []), True),
        (migrations.SeparateDatabaseAndState([], [migrations.DeleteModel("task")]), False),
    ],
)
def test_what_is_harmful(operation: Operation, harmful: bool) -> None:
    assert bool(fault_of(operation)) is harmful
