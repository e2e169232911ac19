"""The directory `/contacts`: whom a session can be handed to, as JSON shapes, and searches for them (C§6.1,
A§1.1). Knows no customers.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, CustomEntry, Queue, User
from smsdesk.wire.queries import Query, Resource, collection, pick, words
from smsdesk.wire.resources import Resources, user_state

CHANNEL = "smssession"
CHANNELS = {CHANNEL: CHANNEL, "sms": CHANNEL}  # also as people call it
_NOT_IN_NUMBERS = re.compile(r"[\W_]+")
_NOT_IN_SEARCHES = re.compile(r"[^\w*]+|_+")
Availability = Callable[[str], tuple[Agent, bool] | None]  # user id -> at work, and whether work may come


class Directory:
    """Every entry of one configured contact centre, in a stable order; made again when the centre changes."""

    def __init__(self, resources: Resources, centre: Centre) -> None:
        self.centre = centre
        self._resources = resources
        numbers: dict[str, list[str]] = {}
        for number in centre.numbers.values():
            numbers.setdefault(number.queue, []).append(number.number)
        users = [self._user(user) for user in centre.users.values() if user.enabled]
        queues = [self._queue(queue, numbers.get(queue.name, [])) for queue in centre.queues.values()]
        custom = [self._custom(entry) for entry in centre.custom.values()]
        self._entries = sorted((*users, *queues, *custom), key=lambda entry: entry["name"].casefold())
        self._by_id = {entry["id"]: entry for entry in self._entries}
        self._names = {entry["id"]: _names(entry) for entry in self._entries}
        self._numbers = {entry["id"]: _numbers(entry) for entry in self._entries}

    def search(self, query: Query, availability: Availability) -> dict[str, Any]:
        """The body of a list or search beside statusCode. Raises Refused 10."""
        found: Iterable[dict[str, Any]] = self._entries
        if "type" in query:
            found = [entry for entry in found if entry["type"] == query["type"]]
        if "name" in query:
            names = set(words(query, "name"))
            found = [entry for entry in found if entry["name"] in names]
        if "phoneNumber" in query:
            found = self._with_numbers(found, words(query, "phoneNumber"))
        if "channel" in query:
            wanted = {CHANNELS.get(name, name) for name in words(query, "channel")}
            found = [e for e in found if CHANNEL in wanted and ("channel" in e or availability(e["id"]))]
        body = collection(
            "contacts",
            found,
            {name: value for name, value in query.items() if name != "fields"},
            always_full=True,
            count=True,
            named={"NamesOrPhoneNumberMatches": self._matches},
            own=("type", "name", "phoneNumber", "channel"),
        )
        shown = (self._with_availability(entry, availability) for entry in body["contacts"])
        return body | {"contacts": [pick(entry, query) for entry in shown]}

    def one(self, id: str, type: str | None, availability: Availability) -> dict[str, Any] | None:
        """One entry; None when there is none of this id and type."""
        entry = self._by_id.get(id)
        if entry is None or (type is not None and entry["type"] != type):
            return None
        return self._with_availability(entry, availability)

    def _with_numbers(self, found: Iterable[dict[str, Any]], wanted: list[str]) -> list[dict[str, Any]]:
        if "*" in wanted:
            return [entry for entry in found if self._numbers[entry["id"]]]
        numbers = {_NOT_IN_NUMBERS.sub("", number).lower() for number in wanted}
        return [entry for entry in found if not numbers.isdisjoint(self._numbers[entry["id"]])]

    def _matches(self, entry: Resource, parameters: Sequence[str]) -> bool:
        """`NamesOrPhoneNumberMatches`: each of the words fits one of the names or numbers."""
        id = entry["id"]
        names, numbers = self._names[id], self._numbers[id]
        for parameter in parameters:
            name, number = _patterns(parameter)
            if not any(map(name, names)) and not any(map(number, numbers)):
                return False
        return True

    def _with_availability(self, entry: dict[str, Any], availability: Availability) -> dict[str, Any]:
        """The entry; for a user who is logged in with how he stands now."""
        there = availability(entry["id"]) if entry["type"] == "User" else None
        if there is None:
            return entry
        agent, available = there
        channel = {
            "channel": CHANNEL,
            "available": available,
            "phoneNumber": "",
            "userActivity": "Busy" if agent.desk else "Idle",
            "userState": user_state(agent),
        }
        return entry | {"availability": {"channels": [channel]}}

    def _user(self, user: User) -> dict[str, Any]:
        return {
            "id": user.id,
            "name": user.user_name,
            "type": "User",
            "phoneNumbers": [],
            "userName": user.user_name,
            "firstName": user.first_name,
            "lastName": user.last_name,
            "employeeId": user.employee_id,
            "emailAddress": user.email,
            "businessUnits": [],
            "roles": list(user.roles),
        } | self._place(user.id)

    def _queue(self, queue: Queue, numbers: list[str]) -> dict[str, Any]:
        return self._other(queue.id, queue.name, "Queue", numbers, "") | {"channel": CHANNEL}

    def _custom(self, entry: CustomEntry) -> dict[str, Any]:
        ours = any(number in self.centre.numbers for number in entry.numbers)
        shape = self._other(entry.id, entry.name, "Custom", entry.numbers, entry.description)
        return shape | ({"channel": CHANNEL} if ours else {})

    def _other(self, id: str, name: str, type: str, numbers: Sequence[str], words: str) -> dict[str, Any]:
        entry: dict[str, Any] = {"id": id, "name": name, "type": type}
        if numbers:
            entry["phoneNumber"] = numbers[0]
        entry["phoneNumbers"] = [
            {"phoneNumber": number, "description": words, "switchName": ""} for number in numbers
        ]
        return entry | self._place(id)

    def _place(self, id: str) -> dict[str, str]:
        path = f"/contacts/{id}"
        return {"uri": self._resources.base + path, "path": path}


def _names(entry: Mapping[str, Any]) -> tuple[str, ...]:
    given = (entry["name"], entry.get("firstName"), entry.get("lastName"), entry.get("userName"))
    return tuple(dict.fromkeys(name.casefold() for name in given if name))


def _numbers(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Without anything but letters and digits (C§6.1)."""
    return tuple(_NOT_IN_NUMBERS.sub("", n["phoneNumber"]).lower() for n in entry["phoneNumbers"])


@lru_cache(maxsize=256)
def _patterns(word: str) -> tuple[Callable[[str], bool], Callable[[str], bool]]:
    """A word of a search as tests for names and for numbers; `*` stands for anything."""
    number = _NOT_IN_SEARCHES.sub("", word).lower()
    return _pattern(word.casefold()), _pattern(number) if number else _never


def _pattern(text: str) -> Callable[[str], bool]:
    pieces = text.split("*")
    if len(pieces) == 1:
        return text.__eq__
    first, *middle, last = pieces

    def fits(name: str) -> bool:
        if not (name.startswith(first) and name.endswith(last)):
            return False
        at, end = len(first), len(name) - len(last)
        for piece in middle:
            found = name.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return at <= end

    return fits


def _never(_name: str) -> bool:
    return False
