"""HTML to PDF: page styles, fonts, ``render_pdf``."""

from printing.rendering import Layout, render_pdf

__all__ = ["Layout", "render_pdf"]
