"""A household that came home can leave again in the same response."""

from django.db import migrations, models

OLD_VERSION = "The new rule forbids less than the one it replaces: whatever the old version writes fits it."


class Migration(migrations.Migration):
    """One household away once in a response, instead of moved once."""

    dependencies = [("floodresponse", "0013_street_of_a_sign")]

    operations = [
        migrations.RemoveConstraint(model_name="householdmove", name="moved_once_a_response"),
        migrations.AddConstraint(
            model_name="householdmove",
            constraint=models.UniqueConstraint(
                condition=models.Q(("returned_at__isnull", True)),
                fields=("household", "response"),
                name="away_once_a_response",
            ),
        ),
    ]
