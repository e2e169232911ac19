"""The file of a forecast, read: every mistake is told with its place, as provisioning does. Knows no contact
centre.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeVar

import msgspec

from smsdesk.core.centre import Policy
from smsdesk.forecast.sections import Answer, Arrive, Handle, Settings, Shift, Spreading

S = TypeVar("S", Settings, Spreading, Handle, Answer, Shift, Arrive)
TABLES: dict[str, type[Any]] = {"answer": Answer, "patience": Spreading}
LISTS: dict[str, type[Any]] = {"handling": Handle, "shifts": Shift, "arrivals": Arrive}


class Form(NamedTuple):
    """What the file says, as far as it could be read; `mistakes` says about the rest."""

    settings: Settings
    answer: Answer
    patience: Spreading | None
    handling: tuple[Handle, ...]
    shifts: tuple[Shift, ...]
    arrivals: tuple[Arrive, ...]
    mistakes: list[str]


def read_form(content: Mapping[str, Any]) -> Form:
    """The file, without what is provisioned in it."""
    mistakes: list[str] = []
    lists: dict[str, tuple[Any, ...]] = dict.fromkeys(LISTS, ())
    tables: dict[str, Any] = dict.fromkeys(TABLES)
    top = {name: value for name, value in content.items() if name not in TABLES and name not in LISTS}
    settings = _read(Settings, top, "", mistakes, [*TABLES, *LISTS])
    for name, of in TABLES.items():
        if name in content:
            tables[name] = _read(of, content[name], name, mistakes)
    for name, of in LISTS.items():
        entries = content.get(name, [])
        if not isinstance(entries, list):
            mistakes.append(f"{name}: has to be a list of tables, each [[{name}]]")
            continue
        read = [_read(of, entry, f"{name} {at}", mistakes) for at, entry in enumerate(entries, 1)]
        lists[name] = tuple(entry for entry in read if entry is not None)
    return Form(
        settings or Settings(date(2001, 1, 1)),
        tables["answer"] or Answer(),
        tables["patience"],
        lists["handling"],
        lists["shifts"],
        lists["arrivals"],
        mistakes,
    )


def _read(of: type[S], given: object, where: str, mistakes: list[str], also: Iterable[str] = ()) -> S | None:
    """One table; what is wrong with it goes to the mistakes."""
    place = f"{where}: " if where else ""
    if not isinstance(given, dict):
        mistakes.append(f"{place}has to be a table")
        return None
    known: list[str] = [field.encode_name for field in msgspec.structs.fields(of)]
    for name in given:
        if name not in known:
            close = get_close_matches(name, [*known, *also], 1)
            perhaps = f"perhaps {close[0]}" if close else f"known are {', '.join(known)}"
            mistakes.append(f"{place}{name} is no field; {perhaps}")
    try:
        found = msgspec.convert(given, of)
    except msgspec.ValidationError as error:
        mistakes.append(f"{place}{error}".replace("`$.", "`"))
        return None
    wrong = [f"{place}{mistake}" for mistake in found.mistakes()]
    mistakes += wrong
    return None if wrong else found


def policy_of(form: Form) -> Policy:
    """The settings of the server that the file gives."""
    s = form.settings
    return Policy(
        ring=s.ring * 1000,
        reject_memory=s.reject_memory * 1000,
        capacity=s.capacity,
        agent_no_answer_action=s.when_missed,
    )
