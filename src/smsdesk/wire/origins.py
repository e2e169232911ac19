"""How an origin that may call is written: in the settings file and in the API alike (C§1.8)."""

import re
from typing import Final

# A star stands for part of one label of a host name with two more behind it; never for everybody.
_STARRED: Final = r"[A-Za-z0-9-]*\*[A-Za-z0-9-]*(\.[A-Za-z0-9-]+){2,}"
ORIGIN: Final = rf"^https?://({_STARRED}|[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{{1,5}})?\Z"
_ORIGIN: Final = re.compile(ORIGIN)
LONGEST_ORIGIN: Final = 2048


def is_origin(text: str) -> bool:
    """Whether this names an origin, or several by a `*` within a host name; a lone `*` does not."""
    return len(text) <= LONGEST_ORIGIN and _ORIGIN.match(text) is not None
