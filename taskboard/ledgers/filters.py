"""Filters of ledgers and their entries, for the interface."""

import django_filters
from django.utils import timezone

from organizations.models import Department
from taskboard.ledgers.querysets import LedgerQuerySet, LedgerRowQuerySet
from taskboard.models.ledgers import Ledger, LedgerRow

ALL = "全部"


class LedgerDataFilter(django_filters.FilterSet):
    """``q kind directive``."""

    q = django_filters.CharFilter(method="with_words", label="词语", max_length=200)
    kind = django_filters.ChoiceFilter(choices=Ledger.Kind.choices, label="类别", empty_label=ALL)
    directive = django_filters.NumberFilter(
        field_name="directive", label="依据文件", min_value=1, max_value=2**31
    )

    class Meta:
        model = Ledger
        fields: tuple[str, ...] = ()

    def with_words(self, queryset: LedgerQuerySet, name: str, value: str) -> LedgerQuerySet:
        """Ledgers that hold every word in their title, the responsible units or the document's title."""
        return queryset.with_words(value)


class LedgerRowFilter(django_filters.FilterSet):
    """``q ledger kind state department``."""

    q = django_filters.CharFilter(method="with_words", label="词语", max_length=200)
    ledger = django_filters.ModelChoiceFilter(queryset=Ledger.objects.all(), label="台账")
    kind = django_filters.ChoiceFilter(
        field_name="ledger__kind", choices=Ledger.Kind.choices, label="类别", empty_label=ALL
    )
    state = django_filters.ChoiceFilter(choices=LedgerRow.State.choices, label="状态", empty_label=ALL)
    department = django_filters.ModelChoiceFilter(
        queryset=Department.objects.all(), to_field_name="slug", label="责任单位"
    )

    class Meta:
        model = LedgerRow
        fields: tuple[str, ...] = ()

    def with_words(self, queryset: LedgerRowQuerySet, name: str, value: str) -> LedgerRowQuerySet:
        """Entries that hold every word in their name, a column or the name of their department."""
        return queryset.with_words(value, at=timezone.now())
