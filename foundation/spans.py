"""Spans of days in the forms of filters: one that ends before it begins is said, not silently empty."""

from typing import Any

from django import forms


class SpanForm(forms.Form):
    """A filter's form; ``spans`` names the pairs of fields that are first and last day."""

    spans: tuple[tuple[str, str], ...] = ()

    def clean(self) -> dict[str, Any]:
        """Refuse a last day before the first; the page then filters by the first alone."""
        cleaned: dict[str, Any] = super().clean() or {}
        for first, last in self.spans:
            begin, end = cleaned.get(first), cleaned.get(last)
            if begin and end and end < begin:
                self.add_error(
                    last, f"“{self[last].label}”（{end}）早于“{self[first].label}”（{begin}），请改正。"
                )
        return cleaned


def in_order(*spans: tuple[str, str]) -> type[SpanForm]:
    """The form of a filter set whose ``Meta.form`` it becomes."""
    return type("SpansInOrder", (SpanForm,), {"spans": spans})
