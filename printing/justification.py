"""Chinese lines filled to the margin by spreading their characters.

A line that may not end before ， or 《 stays one character short. WeasyPrint
fills lines by stretching spaces, of which Chinese has none, so the right edge
of a page would be ragged. This gives each character of such a line its share.
"""

import re
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.line_break import create_layout

IDEOGRAPH = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
# Less than this, in CSS pixels, nobody sees.
NEGLIGIBLE = 0.05

_stretch_spaces = inline.justify_line


def spread_characters() -> None:
    """Let WeasyPrint fill Chinese lines; done once per process."""
    inline.justify_line = _justify_line


def _justify_line(context: Any, line: Any, extra_width: float) -> None:
    texts = text_boxes(line)
    count = sum(len(box.text) for box in texts)
    if not any(IDEOGRAPH.search(box.text) for box in texts):
        _stretch_spaces(context, line, extra_width)
    elif count > 1 and extra_width > NEGLIGIBLE:
        _spread(context, line, extra_width / (count - 1), 0.0)


def text_boxes(box: Any) -> list[Any]:
    """The runs of text of a line, in reading order."""
    if isinstance(box, boxes.TextBox):
        return [box]
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return [text for child in box.children if child.is_in_normal_flow() for text in text_boxes(child)]
    return []


def _spread(context: Any, box: Any, gap: float, moved: float) -> float:
    """Widen a box by one gap per character; returns how far what follows has moved."""
    if isinstance(box, boxes.TextBox):
        box.position_x += moved
        return moved + _widen(context, box, gap)
    if not isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.translate(moved, 0)
        return moved
    box.position_x += moved
    start = moved
    for child in box.children:
        if child.is_in_normal_flow():
            moved = _spread(context, child, gap, moved)
        else:
            child.translate(moved, 0)
    box.width += moved - start
    return moved


def _widen(context: Any, box: Any, gap: float) -> float:
    spacing = box.style["letter_spacing"]
    style = box.style.copy()
    style["letter_spacing"] = (0 if spacing == "normal" else spacing) + gap
    layout = create_layout(box.text, style, context, max_width=None, justification_spacing=0)
    layout.deactivate()
    box.style, box.pango_layout = style, layout
    added = gap * len(box.text)
    box.width += added
    return added
