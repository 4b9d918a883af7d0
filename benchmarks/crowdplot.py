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


@dataclass(frozen=True, slots=True)
class Scales:
    """The ends of all axes."""

    most: int
    fastest: float
    decades: int

    def at(self, step: Step, panel: int) -> tuple[float, float]:
        """Where a step stands in a panel: 0 linear, 1 logarithmic."""
        x = LEFT + panel * (PANEL + GAP) + step.size / self.most * PANEL
        slow = (log10(max(step.slowest, 10)) - 1) / (self.decades - 1)
        share = slow if panel else step.rate / self.fastest
        return round(x, 1), round(FOOT - share * (FOOT - TOP), 1)


def drawing(curves: dict[str, Sequence[Step]]) -> str:
    """Two panels as SVG: answers a second, and the 99th percentile on a logarithmic scale."""
    steps = [step for curve in curves.values() for step in curve]
    decades = max(3, int(log10(max(step.slowest for step in steps))) + 1)
    fastest = max(step.rate for step in steps) * 1.1
    scales = Scales(max(step.size for step in steps), fastest, decades)
    sizes = sorted({step.size for step in steps})
    parts = [*_panels(scales), *_sizes(sizes, 0), *_sizes(sizes, 1)]
    for number, (name, curve) in enumerate(curves.items()):
        parts += _curve(scales, number, curve)
        parts += _key(number, name)
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _panels(scales: Scales) -> list[str]:
    parts = [_text(LEFT, 18, "answers per second"), _text(LEFT + PANEL + GAP, 18, "99th percentile, ms")]
    for share in (0, 0.25, 0.5, 0.75, 1):
        parts += _rule(0, FOOT - share * (FOOT - TOP), f"{scales.fastest * share:.0f}")
    for decade in range(1, scales.decades + 1):
        height = (decade - 1) / (scales.decades - 1) * (FOOT - TOP)
        parts += _rule(1, FOOT - height, f"{10**decade:,}")
    return parts


def _sizes(sizes: Sequence[int], panel: int) -> list[str]:
    begin, last = float(LEFT + panel * (PANEL + GAP)), -float(APART)
    parts = [_text(begin + PANEL / 2, FOOT + 36, "size of the crowd", "middle")]
    for size in sizes:
        x = size / sizes[-1] * PANEL
        if x - last >= APART:
            parts.append(_text(begin + x, FOOT + 18, str(size), "middle"))
            last = x
    return parts


def _curve(scales: Scales, number: int, curve: Sequence[Step]) -> list[str]:
    parts = []
    for panel in (0, 1):
        points = [scales.at(step, panel) for step in curve]
        line = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline points="{line}" {_look(number)}/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{COLOURS[number]}"/>' for x, y in points]
    return parts


def _key(number: int, name: str) -> list[str]:
    y = HEIGHT - 28 + 18 * number
    line = f'<line x1="{LEFT}" x2="{LEFT + 28}" y1="{y - 4}" y2="{y - 4}" {_look(number)}/>'
    return [line, _text(LEFT + 36, y, name)]


def _look(number: int) -> str:
    return f'stroke="{COLOURS[number]}" stroke-dasharray="{DASHES[number]}" fill="none" stroke-width="2"'


def _rule(panel: int, y: float, label: str) -> list[str]:
    x = LEFT + panel * (PANEL + GAP)
    line = f'<line x1="{x}" x2="{x + PANEL}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d5d9de"/>'
    return [line, _text(x - 6, y + 4, label, "end")]


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#333">{escape(words)}</text>'
