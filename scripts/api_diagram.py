"""The state diagram as SVG, drawn from the table of transitions: what is in the one is in the other."""

from collections import defaultdict
from html import escape
from typing import NamedTuple

from smsdesk.core.states import FINAL, TRANSITIONS, State

WIDTH, HEIGHT = 860, 430
BOX_WIDTH, BOX_HEIGHT = 120, 44
# Where each state stands (centre); None is the beginning.
PLACES: dict[State | None, tuple[int, int]] = {
    None: (50, 80),
    "Invited": (230, 80),
    "Chatting": (520, 80),
    "LeftChat": (520, 250),
    "Completed": (770, 250),
    "Revoked": (230, 370),
}


class Way(NamedTuple):
    """How an arrow runs: where it leaves and arrives, its bend, and where its label stands."""

    start: tuple[int, int]
    end: tuple[int, int]
    bend: tuple[int, int] | None
    label: tuple[int, int]
    anchor: str = "middle"


WAYS: dict[tuple[State | None, State], Way] = {
    (None, "Invited"): Way((62, 80), (168, 80), None, (114, 70)),
    (None, "Chatting"): Way((56, 69), (468, 56), (250, -60), (255, 16)),
    ("Invited", "Chatting"): Way((290, 80), (458, 80), None, (374, 70)),
    ("Invited", "LeftChat"): Way((275, 102), (458, 240), None, (388, 166), "start"),
    ("Invited", "Completed"): Way((250, 102), (728, 274), (420, 420), (610, 338)),
    ("Invited", "Revoked"): Way((215, 102), (215, 346), None, (207, 230), "end"),
    ("Chatting", "Completed"): Way((580, 88), (762, 226), (740, 100), (722, 130), "start"),
    ("Chatting", "LeftChat"): Way((520, 102), (520, 226), None, (528, 190), "start"),
    ("Chatting", "Revoked"): Way((490, 102), (288, 352), (420, 300), (376, 290), "end"),
    ("LeftChat", "Completed"): Way((580, 250), (708, 250), None, (644, 241)),
}
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#15201f}.name{font-weight:600;font-size:14px}"
    ".box{fill:#dff0ee;stroke:#0b6b69;stroke-width:1.5}.final{fill:#edf1f1;stroke:#566563}"
    ".way{fill:none;stroke:#566563;stroke-width:1.5}.head,.dot{fill:#566563}.note{fill:#566563}"
)


def edges() -> dict[tuple[State | None, State], list[str]]:
    """The triggers between each two states, in the order of the table."""
    found: dict[tuple[State | None, State], list[str]] = defaultdict(list)
    for (before, trigger), after in TRANSITIONS.items():
        found[before, after].append(trigger)
    return dict(found)


def again() -> list[str]:
    """Triggers that lead out of an end as they lead out of the beginning: it is offered once more."""
    return [
        trigger
        for (before, trigger), after in TRANSITIONS.items()
        if before is None and all(TRANSITIONS.get((end, trigger)) == after for end in FINAL)
    ]


def svg() -> str:
    """The drawing. Raises KeyError for a transition that has no way drawn for it."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' aria-labelledby="title">',
        '<title id="title">States of a user\'s part in a session, and their transitions</title>',
        f"<style>{_STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8"'
        ' orient="auto"><path class="head" d="M0 0L10 5L0 10z"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff" rx="8"/>',
    ]
    repeated = again()
    for (before, after), triggers in edges().items():
        if before not in FINAL or not set(triggers) <= set(repeated):
            parts += _way(WAYS[before, after], triggers)
    parts += [_state(state, *place) for state, place in PLACES.items()]
    words = f"Completed and Revoked: {' or '.join(repeated)} again as at the beginning"
    parts.append(f'<text class="note" x="{WIDTH - 16}" y="{HEIGHT - 18}" text-anchor="end">{words}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _way(way: Way, triggers: list[str]) -> list[str]:
    bend = f"Q{way.bend[0]} {way.bend[1]} " if way.bend else "L"
    path = f"M{way.start[0]} {way.start[1]} {bend}{way.end[0]} {way.end[1]}"
    x, y = way.label
    label = escape(", ".join(triggers))
    return [
        f'<path class="way" d="{path}" marker-end="url(#head)"/>',
        f'<text x="{x}" y="{y}" text-anchor="{way.anchor}">{label}</text>',
    ]


def _state(state: State | None, x: int, y: int) -> str:
    if state is None:
        return f'<circle class="dot" cx="{x}" cy="{y}" r="9"/>'
    kind = "box final" if state in FINAL else "box"
    left, top = x - BOX_WIDTH // 2, y - BOX_HEIGHT // 2
    return (
        f'<rect class="{kind}" x="{left}" y="{top}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="10"/>'
        f'<text class="name" x="{x}" y="{y + 5}" text-anchor="middle">{state}</text>'
    )
