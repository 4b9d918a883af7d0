"""Filters of documents, for the page and the interface alike."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from directives.models import Directive, LegalState, Topic
from directives.querysets import DirectiveQuerySet
from foundation.days import SeenAsOf
from foundation.filters import ForVisitor
from foundation.spans import SpanForm
from search.lists import holding_words

ALL = "全部"
DAY = forms.DateInput(attrs={"type": "date"})
YEAR = forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "如 2022"})


class DirectiveForm(SpanForm):
    """Refuses spans that end before they begin and issuers that there are not."""

    spans = (("issued_from", "issued_to"),)
    asked: Any

    def clean_issuer(self) -> str:
        """The full name, as printed, of one whose documents the visitor may see."""
        issuer: str = self.cleaned_data["issuer"]
        if issuer and not self.asked.queryset.filter(issuer=issuer).exists():
            # By name, not inside the sentence: the API's filters format it once more, and a % would break it.
            raise forms.ValidationError(
                "没有找到“%(issuer)s”印发的文件，请从发文机关列表中选择。", params={"issuer": issuer[:60]}
            )
        return issuer


class DirectiveFilter(ForVisitor, SeenAsOf, django_filters.FilterSet):
    """``q issuer kind status as_of year issued_from issued_to topic``; ``status`` as of ``as_of``."""

    q = django_filters.CharFilter(method="with_words", label="词语", max_length=200)
    issuer = django_filters.CharFilter(field_name="issuer", lookup_expr="exact", label="发文机关")
    kind = django_filters.ChoiceFilter(choices=Directive.Kind.choices, label="种类", empty_label=ALL)
    as_of = django_filters.DateFilter(method="left_as_it_is", label="有效性截至", widget=DAY)
    status = django_filters.ChoiceFilter(
        choices=LegalState.choices, field_name="status_code", label="有效性", empty_label=ALL
    )
    year = django_filters.NumberFilter(
        field_name="issued_on__year", label="年份", min_value=1949, max_value=9999, widget=YEAR
    )
    issued_from = django_filters.DateFilter(
        field_name="issued_on", lookup_expr="gte", label="成文日期自", widget=DAY
    )
    issued_to = django_filters.DateFilter(
        field_name="issued_on", lookup_expr="lte", label="成文日期至", widget=DAY
    )
    topic = django_filters.ModelChoiceFilter(
        queryset=Topic.objects.all(),
        to_field_name="slug",
        field_name="topics",
        label="主题",
        empty_label=ALL,
        error_messages={"invalid_choice": "没有这样的主题，请从主题列表中选择。"},
    )

    class Meta:
        model = Directive
        fields: list[str] = []
        form = DirectiveForm

    def filter_queryset(self, queryset: DirectiveQuerySet) -> DirectiveQuerySet:
        """The status of each document on the day, then the filters."""
        filtered: DirectiveQuerySet = super().filter_queryset(queryset.with_status(self.day))
        return filtered

    def with_words(self, queryset: QuerySet[Directive], name: str, value: str) -> QuerySet[Directive]:
        """Documents that hold every word, in any of its forms, anywhere in what is printed of them."""
        return holding_words(queryset, "directives", value, at=timezone.now())
