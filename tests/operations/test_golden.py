"""What earlier releases wrote is read today and written the same (SPEC 8.7): changes by addition only.

One file a release, with a record of every kind, facts and a transcript entry. A new release adds a file;
none is ever changed.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from smsdesk.core.events import Fact
from smsdesk.core.message import Message
from smsdesk.operations.kinds import KINDS

GOLDEN = Path(__file__).parent / "golden"
RELEASES = sorted(path.name for path in GOLDEN.glob("*.json"))


def same(document: Any, type: Any) -> bool:
    """Whether a document survives today's structs: what was there is there, under its name."""
    again = json.loads(msgspec.json.encode(msgspec.json.decode(json.dumps(document), type=type)))
    return all(again.get(name) == value for name, value in document.items())


@pytest.mark.parametrize("release", RELEASES)
def test_records_of_earlier_releases(release: str) -> None:
    records = json.loads((GOLDEN / release).read_text(encoding="utf-8"))["records"]
    assert [kind for kind, document in records.items() if not same(document, KINDS[kind].type)] == []


@pytest.mark.parametrize("release", RELEASES)
def test_facts_and_entries_of_earlier_releases(release: str) -> None:
    golden = json.loads((GOLDEN / release).read_text(encoding="utf-8"))
    assert [fact["event"] for fact in golden["facts"] if not same(fact, Fact)] == []
    assert all(same(entry, Message) for entry in golden["entries"])


def test_every_kind_is_among_them() -> None:
    """A kind that came later is in a file of its release, which may be one for each area."""
    known = {kind for name in RELEASES for kind in json.loads((GOLDEN / name).read_bytes())["records"]}
    assert set(KINDS) - known == set()
