"""A declarative file: what it would change, and the change (SPEC 5.5). Applied again it changes nothing."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from typing import Any, Literal

import msgspec
from msgspec import Struct

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.operations.provisioning.change import (
    AnyKind,
    Given,
    create,
    delete,
    name_field,
    read_body,
    update,
)
from smsdesk.operations.provisioning.kind import Surroundings, View
from smsdesk.operations.provisioning.kinds import BY_PLURAL, TABLE, view_of

SHOWN = 50  # mistakes told at once
SECRET = "(hidden)"
Wanted = Mapping[str, list[dict[str, Any]]]  # plural -> entries


class Step(Struct, frozen=True, omit_defaults=True):
    """One change. `changes`: field -> what it was and what it will be, null where there is nothing."""

    action: Literal["create", "change", "delete"]
    kind: str
    name: str
    changes: dict[str, tuple[Any, Any]] = {}


def read_file(content: object) -> Wanted:
    """What was decoded from a file. Raises Refused 10 naming every mistake of its form."""
    if not isinstance(content, dict):
        raise Refused(Fault.INVALID, "the file is no table of kinds")
    mistakes = []
    for plural, entries in content.items():
        if plural not in BY_PLURAL:
            mistakes.append(f"{plural}: unknown{_perhaps(plural, BY_PLURAL)}")
        elif not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            mistakes.append(f"{plural}: has to be a list of tables, each [[{plural}]]")
        else:
            mistakes += _misspelt(BY_PLURAL[plural], entries)
    _refuse(mistakes)
    return content


def passwords(wanted: Wanted) -> dict[str, str]:
    """The passwords in a file, by user name; only those that are well-formed."""
    users = wanted.get("users", [])
    pairs = ((user.get("userName"), user.get("password")) for user in users)
    return {n.lower(): p for n, p in pairs if isinstance(n, str) and isinstance(p, str)}


def carry_out(draft: Draft, wanted: Wanted, surroundings: Surroundings, prune: bool = False) -> list[Step]:
    """Make the contact centre what the file says, in one draft. Fields that an entry leaves out stay as they
    are; `prune` deletes what a kind of the file has beside its entries. Raises Refused 10 naming every
    mistake, by entry.
    """
    view = view_of(draft, surroundings)
    steps: list[Step] = []
    mistakes: list[str] = []

    def attempt(where: str, body: Callable[[], Step | None]) -> None:
        try:
            step = body()
        except Refused as refused:
            mistakes.append(f"{where}: {refused.message}")
        else:
            if step is not None:
                steps.append(step)

    kinds = [kind for kind in TABLE if kind.plural in wanted]
    view.coming = {
        (kind.kind, kind.fold(str(entry.get(kind.name)))) for kind in kinds for entry in wanted[kind.plural]
    }
    for kind in kinds:
        seen: set[str] = set()
        for at, entry in enumerate(wanted[kind.plural], 1):
            where = _where(kind, at, entry)
            name = kind.fold(str(entry.get(kind.name, "")))
            if name and name in seen:
                mistakes.append(f"{where}: stands twice in the file")
                continue
            seen.add(name)
            attempt(where, partial(_make_so, draft, view, kind, entry))
    extra = [(kind, record) for kind in reversed(kinds) for record in _beside(view, kind)] if prune else []
    view.leaving = {(kind.kind, kind.id_of(record)) for kind, record in extra}
    for kind, record in extra:
        attempt(f"{kind.plural} ({kind.name_of(record)})", partial(_remove, draft, view, kind, record))
    _refuse(mistakes)
    return steps


def export(view: View) -> dict[str, list[dict[str, Any]]]:
    """Everything that is provisioned, as a file says it; applied again it changes nothing."""
    return {
        kind.plural: [
            msgspec.to_builtins(kind.show(record, view))
            for record in sorted(view.records(kind.kind).values(), key=kind.name_of)
        ]
        for kind in TABLE
    }


def _make_so(draft: Draft, view: View, kind: AnyKind, entry: Given) -> Step | None:
    name = entry.get(kind.name)
    old = view.named(kind.kind, name) if isinstance(name, str) else None
    if old is None:
        body = read_body(kind, entry)
        create(draft, view, kind, body)
        changes = {field: (None, _shown(field, value)) for field, value in entry.items()}
        return Step("create", kind.plural, getattr(body, name_field(kind)), changes)
    given = {field: value for field, value in entry.items() if field != "password"}
    before: dict[str, Any] = msgspec.to_builtins(kind.show(old, view))
    new = update(draft, view, kind, old, given)
    after: dict[str, Any] = msgspec.to_builtins(kind.show(new, view))
    changed = {
        field: (before.get(field), after.get(field))
        for field in dict.fromkeys((*before, *after))
        if before.get(field) != after.get(field)
    }
    return Step("change", kind.plural, kind.name_of(old), changed) if changed else None


def _beside(view: View, kind: AnyKind) -> list[Any]:
    """What there is of a kind and not in the file. What is in a folder comes before the folder."""
    records = sorted(view.records(kind.kind).values(), key=kind.name_of, reverse=True)
    return [r for r in records if (kind.kind, kind.fold(kind.name_of(r))) not in view.coming]


def _remove(draft: Draft, view: View, kind: AnyKind, record: Any) -> Step:
    delete(draft, view, kind, record)
    return Step("delete", kind.plural, kind.name_of(record))


def _misspelt(kind: AnyKind, entries: list[dict[str, Any]]) -> Iterator[str]:
    known = [field.encode_name for field in msgspec.structs.fields(kind.body)]
    for at, entry in enumerate(entries, 1):
        for field in entry:
            if field not in known:
                yield f"{_where(kind, at, entry)}: {field} is no field{_perhaps(field, known)}"


def _where(kind: AnyKind, at: int, entry: Given) -> str:
    name = entry.get(kind.name)
    return f"{kind.plural} {at}" + (f" ({name[:80]})" if isinstance(name, str) else "")


def _perhaps(word: str, known: Any) -> str:
    close = get_close_matches(word, list(known), 1)
    return f"; perhaps {close[0]}" if close else f"; known are {', '.join(known)}"


def _shown(field: str, value: Any) -> Any:
    return SECRET if field == "password" else value


def _refuse(mistakes: list[str]) -> None:
    if mistakes:
        more = f"\nand {len(mistakes) - SHOWN} more" if len(mistakes) > SHOWN else ""
        raise Refused(Fault.INVALID, "\n".join(mistakes[:SHOWN]) + more)
