"""Curves over two logarithmic axes, as SVG: what grows in proportion is a straight line upwards."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 400, 80, 24, 48, 56
COLOURS = ("#0b6e4f", "#b5442e", "#2c4a9a")
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}.title{font-weight:600;font-size:15px}"
    ".grid{stroke:#ddd}.curve{fill:none;stroke-width:2.5}"
)
Curve = Sequence[tuple[float, float]]


class Axis:
    """Powers of ten from the first to the last, on pixels from `first` to `last`."""

    def __init__(self, values: Sequence[float], first: int, last: int) -> None:
        self.low, self.high = floor(log10(min(values))), ceil(log10(max(values)))
        self.high = max(self.high, self.low + 1)
        self._first, self._last = first, last

    def place(self, value: float) -> float:
        """Where a value stands."""
        part = (log10(value) - self.low) / (self.high - self.low)
        return round(self._first + part * (self._last - self._first), 1)

    def marks(self) -> list[int]:
        """The powers of ten."""
        return [10**n for n in range(self.low, self.high + 1)]


def logarithmic(title: str, across: str, up: str, curves: Mapping[str, Curve]) -> str:
    """The drawing. Values have to be 1 or more."""
    points = [point for curve in curves.values() for point in curve]
    x = Axis([point[0] for point in points], LEFT, WIDTH - RIGHT)
    y = Axis([point[1] for point in points], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{title}: {up} by {across}</title><style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff" rx="8"/>',
        f'<text class="title" x="{LEFT}" y="26">{title}</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{across}</text>',
        f'<text text-anchor="middle" transform="translate(18 {HEIGHT / 2}) rotate(-90)">{up}</text>',
        *_grid(x, y),
    ]
    for colour, (name, curve) in zip(COLOURS, curves.items(), strict=False):
        parts += _curve(colour, name, [(x.place(a), y.place(b)) for a, b in curve])
    return "\n".join([*parts, "</svg>"]) + "\n"


def _grid(x: Axis, y: Axis) -> list[str]:
    parts = []
    for mark in x.marks():
        at = x.place(mark)
        parts.append(f'<path class="grid" d="M{at} {TOP}V{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text x="{at}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{mark:,}</text>')
    for mark in y.marks():
        at = y.place(mark)
        parts.append(f'<path class="grid" d="M{LEFT} {at}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4}" text-anchor="end">{mark:,}</text>')
    return parts


def _curve(colour: str, name: str, places: Sequence[tuple[float, float]]) -> list[str]:
    line = "L".join(f"{a} {b}" for a, b in places)
    dots = [f'<circle cx="{a}" cy="{b}" r="4" fill="{colour}"/>' for a, b in places]
    a, b = places[-1]
    words = f'<text x="{a}" y="{b - 12}" text-anchor="end" style="fill:{colour}">{name}</text>'
    return [f'<path class="curve" stroke="{colour}" d="M{line}"/>', *dots, words]
