"""What was counted today, by queue and by agent (A§5.1, A§5.3), from records before and after a change. Knows
no clock, no store, and nothing of how things stand now.

What each count means is written in docs/reference/statistics.md.
"""

from collections.abc import Callable
from typing import NamedTuple

from msgspec import Struct

from smsdesk.core.agent import Agent
from smsdesk.core.interaction import Interaction
from smsdesk.core.outgoing import OutgoingText
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.core.states import FINAL, SUPERVISOR_KINDS

Counts = dict[str, int]
QUEUED = ("waiting", "offered", "parked")
FAILED = ("Failed", "Expired")
TIME_IN = "time "  # and the operationName of an agent state: milliseconds in it


class Day(NamedTuple):
    """A day of the contact centre: its date, and where it begins and ends in UTC milliseconds."""

    name: str
    begin: int
    end: int


class Tally(Struct, frozen=True, omit_defaults=True):
    """The counts of one queue or agent on one day, as they are kept. `id` is `queue NAME` or `agent ID`."""

    id: str
    day: str
    counts: Counts
    v: int = 1


class Tallies:
    """The counts of the day. `day_of` tells the day of a moment; `objective` is the service level, in
    milliseconds. `changed` holds the ids of what was counted since it was last emptied.
    """

    def __init__(self, day_of: Callable[[int], Day], objective: int) -> None:
        self._day_of = day_of
        self._objective = objective
        self._counts: dict[str, Counts] = {}
        self.changed: set[str] = set()
        self.day = Day("", 0, 0)

    def at(self, now: int) -> None:
        """The time is `now` (UTC milliseconds): on another day everything begins anew."""
        if now >= self.day.end:
            self.day = self._day_of(now)
            self.changed.update(self._counts)
            self._counts = {}

    def restore(self, tally: Tally) -> None:
        """Go on from what was kept, if it was kept today."""
        if tally.day == self.day.name:
            self._counts[tally.id] = dict(tally.counts)

    def of(self, id: str) -> Counts:
        """The counts under an id. Not to be changed."""
        return self._counts.get(id, {})

    def _add(self, id: str, name: str, count: int = 1) -> None:
        counts = self._counts.setdefault(id, {})
        counts[name] = counts.get(name, 0) + count
        self.changed.add(id)

    def _raise(self, id: str, name: str, to: int) -> None:
        counts = self._counts.setdefault(id, {})
        counts[name] = max(counts.get(name, 0), to)

    # -- queues ------------------------------------------------------------------------------------
    def interaction(
        self, before: Interaction | None, after: Interaction | None, event: str, now: int
    ) -> None:
        """An interaction moved. `event`: what happened to its session in the same change."""
        if after is None or after.purpose is not None:
            return
        queue = f"queue {after.queue}"
        if before is None or (before.queue, before.arrived) != (after.queue, after.arrived):
            if before is not None and before.place in QUEUED:
                self._add(f"queue {before.queue}", "diverted")
            before = None
            if after.place in QUEUED:
                self._add(queue, "entered")
        elif before.place not in QUEUED and after.place in QUEUED:
            self._add(queue, "returned")
        if after.place == "offered" and (before is None or before.place != "offered"):
            self._add(queue, "offered")
        if before is not None and before.place in QUEUED:
            self._leave(queue, before, after, event, now)

    def _leave(self, queue: str, before: Interaction, after: Interaction, event: str, now: int) -> None:
        if after.place == "assigned" and before.answered:
            self._add(queue, "resumed")
        elif after.place == "assigned":
            waited = max(now - after.arrived, 0)
            self._pace(queue, now)
            self._add(queue, "accepted")
            self._add(queue, "acceptTime", waited)
            self._raise(queue, "longestAccept", waited)
            if waited <= self._objective:
                self._add(queue, "withinObjective")
        elif after.place == "closed":
            self._add(queue, "abandoned")
        elif before.place == "offered" and after.place == "waiting":
            self._add(queue, {"OfferRejected": "rejected", "OfferMissed": "missed"}.get(event, "withdrawn"))

    def _pace(self, queue: str, now: int) -> None:
        """Learn how long it takes from one accept to the next: the latest weighs an eighth."""
        counts = self._counts.setdefault(queue, {})
        last, interval = counts.get("lastAccept"), counts.get("acceptInterval")
        if last is not None:
            newest = max(now - last, 0)
            counts["acceptInterval"] = newest if interval is None else (7 * interval + newest) // 8
        counts["lastAccept"] = now

    # -- agents ------------------------------------------------------------------------------------
    def participations(self, before: Session | None, after: Session, event: str) -> None:
        """Participations of a session changed."""
        old = {p.user: p for p in before.participations} if before is not None else {}
        for now in after.participations:
            was = old.get(now.user)
            if now.kind not in SUPERVISOR_KINDS and (was is None or was.state != now.state):
                self._participation(f"agent {now.user}", was, now, event)

    def _participation(self, id: str, was: Participation | None, now: Participation, event: str) -> None:
        if now.state == "Invited":
            self._add(id, "offered")
        elif was is not None and was.state == "Invited":
            outcome = {
                "Completed": "rejected",
                "Revoked": "missed" if event == "OfferMissed" else "withdrawn",
            }
            self._add(id, outcome.get(now.state, "accepted"))
        if was is not None and was.state in ("Chatting", "LeftChat"):
            self._add(id, "handleTime", max(now.since - was.since, 0))
            if now.state in FINAL:
                self._add(id, "handled")

    def agent(self, before: Agent | None, after: Agent | None) -> None:
        """An agent's record changed: the time in a state is counted when the state ends. Going from one
        ready state to another keeps `since` (SPEC 5.3): that time then all counts for the later one.
        """
        if before is None or after is None or not before.logged_in or after.since <= before.since:
            return
        since = max(before.since, self.day.begin)
        self._add(f"agent {after.id}", TIME_IN + before.state.operation, max(after.since - since, 0))

    # -- texts -------------------------------------------------------------------------------------
    def text_in(self, queue: str | None) -> None:
        """A customer wrote."""
        if queue is not None:
            self._add(f"queue {queue}", "textsIn")

    def text_out(self, before: OutgoingText | None, after: OutgoingText | None, queue: str | None) -> None:
        """A text to a customer was queued, sent, or failed."""
        if after is None:
            return
        author = after.entry.author.user
        ids = [f"queue {queue}"] if queue is not None else []
        ids += [f"agent {author}"] if author is not None else []
        for name, count in _of_text(before, after):
            for id in ids:
                self._add(id, name, count)


def _of_text(before: OutgoingText | None, after: OutgoingText) -> list[tuple[str, int]]:
    counts: list[tuple[str, int]] = [("textsOut", 1)] if before is None else []
    if after.state != (before.state if before else "queued"):
        segments = {"sent": after.parts, "failed": after.sent_parts}.get(after.state, 0)
        counts += [("segments", segments)] if segments else []
    if _failed(after) and not (before is not None and _failed(before)):
        counts.append(("deliveryFailures", 1))
    return counts


def _failed(text: OutgoingText) -> bool:
    return text.entry.delivery is not None and text.entry.delivery.state in FAILED
