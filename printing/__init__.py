"""HTML to PDF: page styles, fonts, ``render_pdf``."""

from printing.layouts import Layout
from printing.rendering import render_pdf

__all__ = ["Layout", "render_pdf"]
