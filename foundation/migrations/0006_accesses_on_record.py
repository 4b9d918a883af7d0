"""Accesses that repeat; the trigger against removals lets the oldest rows go, as retention does."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from foundation.append_only import install_triggers, remove_trigger


def renew(apps: Any, schema_editor: Any) -> None:
    """By the present definition."""
    remove_trigger(schema_editor.connection, "auditentry_no_delete")
    install_triggers(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0005_versions_and_corrections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RepeatedAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="识别")),
                ("actor_label", models.CharField(max_length=150, verbose_name="操作人名称")),
                ("address", models.CharField(blank=True, max_length=64, verbose_name="来源地址")),
                ("action", models.CharField(max_length=80, verbose_name="动作")),
                ("object_type", models.CharField(max_length=80, verbose_name="对象类型")),
                ("object_id", models.CharField(max_length=64, verbose_name="对象编号")),
                ("object_label", models.CharField(max_length=300, verbose_name="对象")),
                ("first_at", models.DateTimeField(db_index=True, verbose_name="首次")),
                ("last_at", models.DateTimeField(verbose_name="最近")),
                ("repeats", models.PositiveIntegerField(default=0, verbose_name="其后次数")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
            ],
            options={
                "verbose_name": "重复访问",
                "verbose_name_plural": "重复访问",
                "ordering": ["-first_at"],
            },
        ),
        migrations.RunPython(renew, migrations.RunPython.noop, elidable=False),
    ]
