"""Choosing among messages."""

import django_filters

from notifications.models import Message


class MessageFilter(django_filters.FilterSet):
    """By state, channel, topic, the beginning of the key, and whether it was answered."""

    key = django_filters.CharFilter(field_name="dedupe_key", lookup_expr="startswith")
    acknowledged = django_filters.BooleanFilter(
        field_name="acknowledged_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Message
        fields = ("state", "channel", "topic")
