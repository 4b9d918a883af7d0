"""Titles of documents in their marks, for templates."""

from django import template

from directives.numbers import titled as in_marks

register = template.Library()


@register.filter
def titled(title: str) -> str:
    """《印发〈方案〉的通知》: titles inside a title take the inner marks."""
    return in_marks(title)
