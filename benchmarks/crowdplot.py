"""The knee of a crowd as a drawing: pure, from plain numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, TOP, GAP = 760, 330, 64, 34, 70
COLOURS = ("#0b5cad", "#b3261e")
DASHES = ("", "6 4")
PANEL = (WIDTH - 2 * LEFT - GAP) // 2
FOOT = HEIGHT - 86
# Two numbers below the axis closer than this would run into each other.
APART = 26


@dataclass(frozen=True, slots=True)
class Step:
    """A crowd of one size: answers a second, milliseconds of the median and of the 99th percentile."""

    size: int
    rate: float
    middle: float
    slowest: float
    errors: int = 0


def drawing(curves: dict[str, Sequence[Step]]) -> str:
    """Two panels as SVG: answers a second, and the 99th percentile on a logarithmic scale."""
    steps = [step for curve in curves.values() for step in curve]
    most, fastest = max(step.size for step in steps), max(step.rate for step in steps) * 1.1
    decades = range(1, max(3, int(log10(max(step.slowest for step in steps))) + 1) + 1)

    def at(step: Step, panel: int) -> tuple[float, float]:
        x = LEFT + panel * (PANEL + GAP) + step.size / most * PANEL
        share = step.rate / fastest if panel == 0 else (log10(max(step.slowest, 10)) - 1) / (decades[-1] - 1)
        return round(x, 1), round(FOOT - share * (FOOT - TOP), 1)

    parts = [_text(LEFT, 18, "answers per second"), _text(LEFT + PANEL + GAP, 18, "99th percentile, ms")]
    for share in (0, 0.25, 0.5, 0.75, 1):
        parts += _rule(0, FOOT - share * (FOOT - TOP), f"{fastest * share:.0f}")
    for decade in decades:
        height = (decade - 1) / (decades[-1] - 1) * (FOOT - TOP)
        parts += _rule(1, FOOT - height, f"{10**decade:,}")
    for panel in (0, 1):
        begin, last = LEFT + panel * (PANEL + GAP), -APART
        for size in sorted({step.size for step in steps}):
            x = size / most * PANEL
            if x - last >= APART:
                parts.append(_text(begin + x, FOOT + 18, str(size), "middle"))
                last = x
        parts.append(_text(begin + PANEL / 2, FOOT + 36, "size of the crowd", "middle"))
    for number, (name, curve) in enumerate(curves.items()):
        look = f'stroke="{COLOURS[number]}" stroke-dasharray="{DASHES[number]}" fill="none" stroke-width="2"'
        for panel in (0, 1):
            points = [at(step, panel) for step in curve]
            line = " ".join(f"{x},{y}" for x, y in points)
            parts.append(f'<polyline points="{line}" {look}/>')
            parts += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{COLOURS[number]}"/>' for x, y in points]
        y, x = HEIGHT - 28 + 18 * number, LEFT
        parts.append(f'<line x1="{x}" x2="{x + 28}" y1="{y - 4}" y2="{y - 4}" {look}/>')
        parts.append(_text(x + 36, y, name))
    body = "\n".join(parts)
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _rule(panel: int, y: float, label: str) -> list[str]:
    x = LEFT + panel * (PANEL + GAP)
    line = f'<line x1="{x}" x2="{x + PANEL}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d5d9de"/>'
    return [line, _text(x - 6, y + 4, label, "end")]


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#333">{escape(words)}</text>'
