"""Filters of departments and people, for pages and the interface alike."""

import django_filters
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from organizations.models import Department, Person, Post
from organizations.querysets import DepartmentQuerySet, PersonQuerySet, name_audiences
from search.folding import printed_forms_of
from search.lists import holding_words

MAX_WORDS = 8


class DepartmentFilter(django_filters.FilterSet):
    """``q kind``."""

    q = django_filters.CharFilter(method="with_words", label="名称", max_length=200)
    kind = django_filters.ChoiceFilter(choices=Department.Kind.choices, label="类别", empty_label="全部")

    class Meta:
        model = Department
        fields: list[str] = []

    def with_words(self, queryset: DepartmentQuerySet, name: str, value: str) -> DepartmentQuerySet:
        """Departments with every word in a name or alias."""
        for word in value.split()[:MAX_WORDS]:
            queryset = queryset.named(*printed_forms_of(word))
        return queryset


def _departments(request: HttpRequest | None) -> DepartmentQuerySet:
    """What may be chosen; without a request, for the description, nothing need be hidden."""
    active = Department.objects.active()
    return active.visible_to(request.user) if request else active


class PersonFilter(django_filters.FilterSet):
    """``q department``; the department is named by its slug."""

    q = django_filters.CharFilter(method="with_words", label="姓名或职务", max_length=200)
    department = django_filters.ModelChoiceFilter(
        queryset=_departments,
        to_field_name="slug",
        method="in_department",
        label="单位",
        empty_label="全部",
        error_messages={"invalid_choice": "没有找到这个单位，请从部门列表中选择。"},
    )

    class Meta:
        model = Person
        fields: list[str] = []

    def with_words(self, queryset: PersonQuerySet, name: str, value: str) -> PersonQuerySet:
        """People with every word in their name, a misprinted form of it, or a post."""
        audiences = name_audiences(self.request.user)
        return holding_words(queryset, "people", value, at=timezone.now(), audiences=audiences)

    def in_department(self, queryset: PersonQuerySet, name: str, value: Department) -> PersonQuerySet:
        """People who hold a post in the department, as far as the visitor may see."""
        posts = Post.objects.visible_to(self.request.user).filter(person=OuterRef("pk"), department=value)
        return queryset.filter(Exists(posts))
