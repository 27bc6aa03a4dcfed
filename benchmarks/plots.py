"""Small line plots over size as SVG, on logarithmic axes, without a library: some kilobytes that a page takes in.

Text and axes have the colour of the page around them where the picture stands in the page, and a grey that is read on light
and dark where it is loaded as a file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 560, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 130, 34, 44
COLOURS = ("#2f6fb0", "#c4572e", "#3c8d5a", "#8a5fb0", "#9a7b1f")
INK, GRID = "#808890", "#80889040"


@dataclass(frozen=True)
class Plot:
    """Lines over size; each is a list of (size, value), both above 0."""

    title: str
    across: str
    up: str
    lines: Mapping[str, Sequence[Sequence[float]]]


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """Whole powers of ten, or of 1, 2, 5 times them, around the values."""
    steps = [factor * 10.0**power for power in range(-6, 10) for factor in (1, 2, 5)]
    low = max(step for step in steps if step <= min(values) * 1.0001)
    high = min(step for step in steps if step >= max(values) * 0.9999)
    return low, high if high > low else low * 2


def _ticks(low: float, high: float) -> list[float]:
    decades = math.log10(high / low)
    factors = (1, 2, 5) if decades < 2.2 else (1,)
    ticks = [factor * 10.0**power for power in range(-6, 10) for factor in factors]
    return [tick for tick in ticks if low * 0.999 <= tick <= high * 1.001]


def _said(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def svg(plot: Plot) -> str:
    """The picture."""
    points = [point for line in plot.lines.values() for point in line]
    (x0, x1), (y0, y1) = (_ends([point[axis] for point in points]) for axis in (0, 1))
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def across(value: float) -> float:
        return LEFT + (right - LEFT) * math.log(value / x0) / math.log(x1 / x0)

    def up(value: float) -> float:
        return bottom - (bottom - TOP) * math.log(value / y0) / math.log(y1 / y0)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" font-family="sans-serif" font-size="11" fill="{INK}">',
        f"<title>{escape(plot.title)}</title>",
        f'<text x="{LEFT}" y="18" font-size="13" font-weight="bold">{escape(plot.title)}</text>',
    ]
    for tick in _ticks(x0, x1):
        x = across(tick)
        out.append(f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="{GRID}"/>')
        out.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{_said(tick)}</text>')
    for tick in _ticks(y0, y1):
        y = up(tick)
        out.append(f'<path d="M{LEFT} {y:.1f}H{right}" stroke="{GRID}"/>')
        out.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_said(tick)}</text>')
    out.append(
        f'<text x="{(LEFT + right) / 2:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(plot.across)}</text>'
    )
    middle = (TOP + bottom) / 2
    out.append(
        f'<text transform="translate(14 {middle:.1f}) rotate(-90)" text-anchor="middle">{escape(plot.up)}</text>'
    )
    lowest = -math.inf
    named = sorted(plot.lines.items(), key=lambda line: up(line[1][-1][1]))
    colours = dict(zip(plot.lines, COLOURS, strict=False))
    for name, line in named:
        colour = colours[name]
        way = "L".join(f"{across(x):.1f} {up(y):.1f}" for x, y in line)
        out.append(f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="2.6" fill="{colour}"/>' for x, y in line]
        lowest = max(
            up(line[-1][1]) + 4, lowest + 14
        )  # names stand beside the ends of their lines, not on each other
        out.append(
            f'<text x="{across(line[-1][0]) + 8:.1f}" y="{lowest:.1f}" fill="{colour}">{escape(name)}</text>'
        )
    return "\n".join([*out, "</svg>"]) + "\n"
