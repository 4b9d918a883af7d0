"""What people and tokens can be searched by."""

import django_filters
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from organizations.models import ApiToken, Role, User
from organizations.secondfactor import FACTORS

ALL = "全部"


class AccountFilter(django_filters.FilterSet):
    """``q role state factor``."""

    q = django_filters.CharFilter(method="named", label="姓名或用户名", max_length=150)
    role = django_filters.ChoiceFilter(
        choices=Role.choices, field_name="assignments__role", distinct=True, label="角色", empty_label=ALL
    )
    state = django_filters.ChoiceFilter(
        choices=[("active", "在用"), ("waiting", "待核实"), ("disabled", "已停用")],
        method="in_state",
        label="状态",
        empty_label=ALL,
    )
    factor = django_filters.ChoiceFilter(
        choices=[("yes", "已启用"), ("no", "未启用")], method="with_factor", label="两步验证", empty_label=ALL
    )

    class Meta:
        model = User
        fields: list[str] = []

    def named(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """With the word in either name."""
        return queryset.filter(Q(username__icontains=value) | Q(display_name__icontains=value))

    def in_state(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """In use, waiting for its person to be asked, or disabled."""
        if value == "waiting":
            return queryset.filter(is_active=True, to_verify_since__isnull=False)
        return queryset.filter(is_active=value == "active")

    def with_factor(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """With a second factor or without."""
        found = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))
        return queryset.filter(found if value == "yes" else ~found)


class TokenFilter(django_filters.FilterSet):
    """``q scope holder``."""

    q = django_filters.CharFilter(method="named", label="用途、用户或站网", max_length=150)
    scope = django_filters.ChoiceFilter(choices=ApiToken.Scope.choices, label="范围", empty_label=ALL)
    holder = django_filters.ChoiceFilter(
        choices=[("network", "站网"), ("person", "个人")], method="held_by", label="归属", empty_label=ALL
    )

    class Meta:
        model = ApiToken
        fields: list[str] = []

    def named(self, queryset: QuerySet[ApiToken], name: str, value: str) -> QuerySet[ApiToken]:
        """With the word in what it is for, whose it is or which network."""
        found = Q(name__icontains=value) | Q(user__gauge_network__network__icontains=value)
        person = Q(user__username__icontains=value) | Q(user__display_name__icontains=value)
        return queryset.filter(found | person)

    def held_by(self, queryset: QuerySet[ApiToken], name: str, value: str) -> QuerySet[ApiToken]:
        """Of gauge networks or of people."""
        return queryset.filter(user__gauge_network__isnull=value == "person")
