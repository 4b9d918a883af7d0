"""Words of a document with its misprints marked."""

from django import template

from directives.marks import Misprints, Piece

register = template.Library()


@register.filter
def marked(text: str, misprints: Misprints) -> list[Piece]:
    """The text in pieces; those with a note are printed wrong."""
    return misprints.pieces(text)
