"""Triggers that refuse to change or remove a row of the audit log."""

from typing import Any

from django.db import migrations

from foundation.append_only import TRIGGERS, install_triggers, remove_trigger


def install(apps: Any, schema_editor: Any) -> None:
    install_triggers(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    for name in TRIGGERS[schema_editor.connection.vendor]:
        remove_trigger(schema_editor.connection, name)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_attachments_hang_on_records")]

    operations = [migrations.RunPython(install, remove, elidable=False)]
