from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("floodresponse", "0004_incidents_and_obligations"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="publication",
            field=models.CharField(
                choices=[("draft", "草稿"), ("published", "已启用")],
                default="published",
                max_length=12,
                verbose_name="发布状态",
            ),
        ),
    ]
