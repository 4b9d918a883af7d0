"""What the log can be searched by."""

from datetime import date, datetime, time, timedelta

import django_filters
from django import forms
from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from foundation.actionwords import called
from foundation.models import AuditEntry
from foundation.models.audit import AppendOnlyQuerySet
from foundation.services.accesses import BAD_TOKEN, EXPORT, PAGE, PRINT, REFUSE
from foundation.spans import in_order

ALL = "全部"
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
FAILED = ("user.fail_sign_in", "user.fail_second_factor", BAD_TOKEN)
SIGNING_IN = Q(action__in=("user.sign_in", "user.sign_out", *FAILED))
ACCESS = SIGNING_IN | Q(action__in=(REFUSE, EXPORT, PRINT)) | Q(action__endswith=".export")
KINDS = {
    "sign": ("登录与退出", SIGNING_IN),
    "failed": ("登录失败", Q(action__in=FAILED)),
    "refuse": ("拒绝访问", Q(action=REFUSE)),
    "export": ("导出", Q(action=EXPORT) | Q(action__endswith=".export")),
    "print": ("打印", Q(action=PRINT)),
    "account": ("账户与权限", Q(action__startswith="user.") & ~SIGNING_IN),
    "audit": ("审计日志本身", Q(action__startswith="audit.")),
    "change": ("记录的变更", ~(ACCESS | Q(action__startswith="user.") | Q(action__startswith="audit."))),
}


def object_types() -> list[tuple[str, str]]:
    """Every kind of record by its Chinese name, pages first."""
    kinds = {model._meta.label: str(model._meta.verbose_name) for model in apps.get_models()}
    return [(PAGE, "页面"), *sorted(kinds.items(), key=lambda kind: kind[1])]


class AuditFilter(django_filters.FilterSet):
    """``person kind action object type address date_from date_to``."""

    person = django_filters.CharFilter(method="by", label="操作人", max_length=150)
    kind = django_filters.ChoiceFilter(
        choices=[(name, label) for name, (label, _) in KINDS.items()],
        method="of_kind",
        label="类别",
        empty_label=ALL,
    )
    action = django_filters.CharFilter(method="with_action", label="动作", max_length=80)
    type = django_filters.ChoiceFilter(
        choices=object_types, field_name="object_type", label="对象类别", empty_label=ALL
    )
    object = django_filters.CharFilter(method="about", label="对象名称或编号", max_length=200)
    address = django_filters.CharFilter(lookup_expr="startswith", label="来源地址", max_length=64)
    date_from = django_filters.DateFilter(method="since", label="日期自", widget=DAY)
    date_to = django_filters.DateFilter(method="until", label="日期至", widget=DAY)

    class Meta:
        model = AuditEntry
        fields: list[str] = []
        form = in_order(("date_from", "date_to"))

    def by(self, queryset: AppendOnlyQuerySet, name: str, value: str) -> AppendOnlyQuerySet:
        """Rows of whoever is called so, or signs in with this name."""
        return queryset.filter(Q(actor_label__icontains=value) | Q(actor__username=value))

    def of_kind(self, queryset: AppendOnlyQuerySet, name: str, value: str) -> AppendOnlyQuerySet:
        """Rows of one of ``KINDS``."""
        return queryset.filter(KINDS[value][1])

    def with_action(self, queryset: AppendOnlyQuerySet, name: str, value: str) -> AppendOnlyQuerySet:
        """Rows whose action is called so, in Chinese or by its code."""
        return queryset.filter(called(value))

    def about(self, queryset: AppendOnlyQuerySet, name: str, value: str) -> AppendOnlyQuerySet:
        """Rows about records with this in their name, or of this number."""
        return queryset.filter(Q(object_label__icontains=value) | Q(object_id=value))

    def since(self, queryset: AppendOnlyQuerySet, name: str, value: date) -> AppendOnlyQuerySet:
        """From the beginning of the day."""
        return queryset.filter(at__gte=_midnight(value))

    def until(self, queryset: AppendOnlyQuerySet, name: str, value: date) -> AppendOnlyQuerySet:
        """To the end of the day."""
        return queryset if value == date.max else queryset.filter(at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
