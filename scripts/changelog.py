"""Move the fragments of changelog.d/ into CHANGELOG.md, under the version that is being released.

python -m scripts.changelog 1.2.0
"""

import re
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("added", "changed", "fixed", "removed", "security")
NAME = re.compile(rf"(?P<what>[a-z0-9]+(-[a-z0-9]+)*)\.(?P<kind>{'|'.join(KINDS)})\.md")


def fragments(folder: Path) -> list[Path]:
    """The fragments in the order of their names; a file that is not named like one is a mistake."""
    found = sorted(path for path in folder.iterdir() if path.name != "README.md")
    wrong = [path.name for path in found if not NAME.fullmatch(path.name)]
    if wrong:
        raise ValueError(
            f"not named SOMETHING.KIND.md: {', '.join(wrong)}; KIND is one of {', '.join(KINDS)}"
        )
    return found


def release(version: str, day: date, paths: list[Path]) -> str:
    """The section of one version: fragments by kind, each an item of a list."""
    lines = [f"## {version} ({day.isoformat()})", ""]
    for kind in KINDS:
        texts = [path.read_text().strip() for path in paths if path.name.endswith(f".{kind}.md")]
        if texts:
            lines += [f"### {kind.capitalize()}", "", *(f"- {' '.join(text.split())}" for text in texts), ""]
    return "\n".join(lines)


def main(version: str) -> None:
    """Write the section above the older ones, and remove the fragments."""
    paths = fragments(ROOT / "changelog.d")
    changelog = ROOT / "CHANGELOG.md"
    head, *older = re.split(r"(?m)^(?=## )", changelog.read_text())
    section = release(version, date.today(), paths)
    changelog.write_text(head.rstrip("\n") + "\n\n" + section + "\n" * bool(older) + "".join(older))
    for path in paths:
        path.unlink()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
