from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("directives", "0004_rules_and_follows")]

    operations = [migrations.RemoveField(model_name="topic", name="words")]
