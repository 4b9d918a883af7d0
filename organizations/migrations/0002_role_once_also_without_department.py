from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="roleassignment", name="role_once_per_department"),
        migrations.AddConstraint(
            model_name="roleassignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(department__isnull=False),
                fields=("user", "role", "department"),
                name="role_once_per_department",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleassignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(department__isnull=True),
                fields=("user", "role"),
                name="role_once_in_whole_portal",
            ),
        ),
    ]
