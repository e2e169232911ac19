"""The test's hand on smsc.js: an SMSC that the server binds to, with the customers' phones behind it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, Literal

from tests.e2e.nodes import SECONDS, Json, NodeProgram

SERVICE = "+15550100"
Encoding = Literal["gsm", "ucs2"]


class Smsc(NodeProgram):
    """Listens on a free port of 127.0.0.1 from the start; `port` stays the same across stop and listen."""

    script = "smsc.js"

    def __init__(self, system_id: str = "smsdesk", password: str = "secret") -> None:
        super().__init__({"systemId": system_id, "password": password})
        self._keys = itertools.count(1)
        self.port: int = self.call("listen")["port"]

    def listen(self) -> None:
        """Listen again after `stop`."""
        self.call("listen")

    def stop(self) -> None:
        """Go down: no listener, no connection."""
        self.call("stop")

    def drop(self) -> int:
        """Cut all connections and go on listening; returns how many there were."""
        cut: int = self.call("drop")["cut"]
        return cut

    def behave(self, **changes: Any) -> None:
        """Change the behaviour; smsc.js lists it."""
        self.call("behave", **changes)

    def wait_bound(self, seconds: float = SECONDS) -> Json:
        """The next bind that was accepted."""
        return self.wait_for(lambda event: event["event"] == "bound", seconds, "a bind")

    def deliver(
        self,
        text: str,
        sender: str = "+15550111",
        to: str = SERVICE,
        *,
        encoding: Encoding = "gsm",
        order: Sequence[int] | None = None,
        later: bool = False,
    ) -> str:
        """Send a text towards the server and return its key; `acknowledged` tells what became of it."""
        number = next(self._keys)
        key = f"text{number}"
        text_: Json = {"from": sender, "to": to, "text": text, "encoding": encoding, "reference": number}
        self.call("deliver", key=key, order=order, later=later, **text_)
        return key

    def acknowledged(self, key: str, parts: int = 1, seconds: float = SECONDS) -> None:
        """Wait until every part of a text was answered with status 0."""

        def done(events: list[Json]) -> bool:
            mine = [event for event in events if event["event"] == "acknowledged" and event["key"] == key]
            return len({event["part"] for event in mine if event["status"] == 0}) == parts

        self.wait_until(done, seconds, f"{parts} acknowledgement(s) of {key}")

    def acknowledgements(self) -> dict[str, set[int]]:
        """By key: the parts that were answered with status 0 so far."""
        found: dict[str, set[int]] = {}
        for event in self.seen(lambda e: e["event"] == "acknowledged" and e["status"] == 0):
            found.setdefault(event["key"], set()).add(event["part"])
        return found

    def submitted(self, to: str | None = None) -> list[Json]:
        """Every submit_sm answered with status 0 so far, in order; to one number, or all."""
        return self.seen(lambda event: _is_taken(event, to))

    def wait_text(self, text: str, to: str = "+15550111", seconds: float = SECONDS) -> list[Json]:
        """Wait until a phone holds this text, whole; returns the submit_sm of its parts in their order."""

        def parts(events: list[Json]) -> list[Json] | None:
            mine = [event for event in events if _is_taken(event, to)]
            return next((found for whole, found in join_parts(mine) if whole == text), None)

        what = f"the text {text[:60]!r} at {to}"
        return parts(self.wait_until(lambda events: parts(events) is not None, seconds, what)) or []

    def texts(self, to: str = "+15550111") -> list[str]:
        """The whole texts a phone holds so far."""
        return [text for text, _ in join_parts(self.submitted(to))]


def _is_taken(event: Json, to: str | None) -> bool:
    return event["event"] == "submit" and event["status"] == 0 and to in (None, "+" + event["to"].lstrip("+"))


def join_parts(submits: list[Json]) -> list[tuple[str, list[Json]]]:
    """Join parts as a phone does, by UDH or SAR reference: (text, its submit_sm), in order of completion."""
    waiting: dict[tuple[str, int, int], dict[int, Json]] = {}
    whole: list[tuple[str, list[Json]]] = []
    for submit in submits:
        place = part_of(submit)
        if place is None:
            whole.append((submit["text"], [submit]))
            continue
        reference, total, number = place
        parts = waiting.setdefault((submit["from"], reference, total), {})
        parts[number] = submit
        if len(parts) == total:
            ordered = [parts[n] for n in sorted(parts)]
            whole.append(("".join(part["text"] for part in ordered), ordered))
            del waiting[(submit["from"], reference, total)]
    return whole


def part_of(submit: Json) -> tuple[int, int, int] | None:
    """(reference, total, number) of a part of a longer text, None for a text that is whole."""
    for element in submit["udh"]:
        octets = bytes.fromhex(element)
        if octets[:2] == b"\x00\x03":
            return octets[2], octets[3], octets[4]
        if octets[:2] == b"\x08\x04":
            return int.from_bytes(octets[2:4], "big"), octets[4], octets[5]
    sar = submit.get("sar")
    return (sar["reference"], sar["total"], sar["part"]) if sar else None
