"""Attachments hang on a record and are deleted by a mark.

Nothing has written attachments so far: the table is empty, and the defaults
below are never used.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("foundation", "0002_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="owner_type",
            field=models.ForeignKey(
                default=0,
                on_delete=django.db.models.deletion.PROTECT,
                to="contenttypes.contenttype",
                verbose_name="所属记录类型",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attachment",
            name="owner_id",
            field=models.CharField(default="", max_length=64, verbose_name="所属记录编号"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attachment",
            name="deleted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="删除时间"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="deleted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="删除人",
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["owner_type", "owner_id"], name="attachment_owner"),
        ),
        migrations.AlterModelOptions(
            name="audithead",
            options={"verbose_name": "审计链尾", "verbose_name_plural": "审计链尾"},
        ),
        migrations.AlterField(
            model_name="audithead",
            name="sequence",
            field=models.BigIntegerField(default=0, verbose_name="末条序号"),
        ),
        migrations.AlterField(
            model_name="audithead",
            name="hash",
            field=models.CharField(default="0" * 64, max_length=64, verbose_name="末条校验"),
        ),
    ]
