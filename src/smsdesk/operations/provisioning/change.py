"""Create, change and delete one provisioned record: refused before anything is changed (SPEC 1.6, 5.5)."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from smsdesk.core.centre import Revision
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid, unknown
from smsdesk.operations.provisioning.kind import Body, ProvisionedKind, View

AnyKind = ProvisionedKind[Any, Any]
Given = Mapping[str, Any]
SHOWN_USES = 5
REVISION = "provisioned"


def read_body(kind: AnyKind, given: Given) -> Body:
    """The fields of a request as a body. Raises Refused 1 or 10."""
    present = {name: value for name, value in given.items() if value is not None}
    _refuse_nul(kind, present)
    try:
        body: Body = msgspec.convert(present, kind.body)
    except msgspec.ValidationError as error:
        raise kind.explain(present, str(error)) from None
    body.check()
    return body


def create(draft: Draft, view: View, kind: AnyKind, body: Body) -> Any:
    """Make a record. Raises Refused 10, 18."""
    name = getattr(body, name_field(kind))
    taken = view.named(kind.kind, name) is not None or any(kind.name_of(r) == name for r in kind.built_in)
    if taken:
        raise Refused(
            Fault.EXISTS, f"Failed to create {kind.singular}. {_called(kind)} '{name}' already exists."
        )
    id = kind.new_id(body, draft)
    record = kind.make(body, id, None, view)
    _write(draft, view, kind, id, None, record)
    return record


def update(draft: Draft, view: View, kind: AnyKind, old: Any, given: Given) -> Any:
    """Change the given fields of a record; null gives a field its default. Raises Refused 3 for its name, 10,
    and what the kind refuses. Returns the record as it is then, the old one itself when nothing is different.
    """
    body = changed_body(view, kind, old, given)
    record = kind.make(body, kind.id_of(old), old, view)
    if record == old and not has_password(body):
        return old
    _write(draft, view, kind, kind.id_of(old), old, record)
    return record


def changed_body(view: View, kind: AnyKind, old: Any, given: Given) -> Body:
    """The body of a record with some fields changed. Raises Refused 1, 3 or 10."""
    current: dict[str, Any] = msgspec.to_builtins(kind.show(old, view))
    name = given.get(kind.name)
    if name is not None and (not isinstance(name, str) or kind.fold(name) != kind.fold(kind.name_of(old))):
        raise Refused(
            Fault.FORBIDDEN, f"This operation is not allowed: '{kind.name}' is a read-only property"
        )
    return read_body(kind, current | dict(given) | {kind.name: current[kind.name]})


def delete(draft: Draft, view: View, kind: AnyKind, old: Any) -> None:
    """Delete a record. Raises Refused 19 as long as something refers to it."""
    users = list(kind.uses(old, view, draft))
    if users:
        more = f" and {len(users) - SHOWN_USES} more" if len(users) > SHOWN_USES else ""
        named = ", ".join(users[:SHOWN_USES]) + more
        raise Refused(Fault.IN_USE, f"{_called(kind)} '{kind.name_of(old)}' is in use: {named}")
    _write(draft, view, kind, kind.id_of(old), old, None)


def found(view: View, kind: AnyKind, id: str) -> Any:
    """The record with an id, to be changed. Raises Refused 3 for one that is built in, 6 for none."""
    if any(kind.id_of(record) == id for record in kind.built_in):
        raise Refused(Fault.FORBIDDEN, f"the {kind.singular} {id!r} is built in: it is only read")
    record = view.records(kind.kind).get(id)
    if record is None:
        raise unknown(f"the {kind.singular}")
    return record


def name_field(kind: AnyKind) -> str:
    """The field of the body's struct that names the record."""
    fields = msgspec.structs.fields(kind.body)
    return next(field.name for field in fields if field.encode_name == kind.name)


def has_password(body: Body) -> bool:
    """Whether a new password is set by it."""
    return getattr(body, "password", None) is not None


def _called(kind: AnyKind) -> str:
    return kind.singular[0].upper() + kind.singular[1:]


def _write(draft: Draft, view: View, kind: AnyKind, id: str, old: Any | None, new: Any | None) -> None:
    kind.changed(draft, old, new, view)
    draft.put(kind.kind, id, new)
    view.put(kind.kind, id, new)
    done = "created" if old is None else "deleted" if new is None else "changed"
    draft.audit(f"{kind.singular} {done}", id)
    revision = draft.get("centre", REVISION)
    number = revision.number if isinstance(revision, Revision) else 0
    draft.put("centre", REVISION, Revision(REVISION, number + 1))


def _refuse_nul(kind: AnyKind, given: Given) -> None:
    """SPEC 8.7."""
    for field, value in given.items():
        if any("\0" in text for text in _texts(value)):
            raise invalid(field, "holds a NUL character")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _texts(key)
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)
