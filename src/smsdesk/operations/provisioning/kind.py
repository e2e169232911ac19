"""What a kind of provisioned record is: how it is written in a request or a file, what it refers to and who
refers to it (SPEC 5.5). Each kind is one module and one row of the table in `kinds`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from msgspec import Struct

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Refused, invalid
from smsdesk.operations.base import check_text
from smsdesk.operations.decoding import explain

R = TypeVar("R", bound=Struct)
NAME = 255  # characters of a name
MOST_SESSIONS = 1000  # on a desk
Newest = Callable[[str], Iterable[Any]]  # kind -> its records


class Body(Struct, frozen=True, rename="camel", omit_defaults=True):
    """A record as people write it: the fields of a POST, or of an entry in a file."""

    def check(self) -> None:
        """Raises Refused 1 or 10 for what the types alone do not exclude."""


B = TypeVar("B", bound=Body)


class Surroundings(Struct, frozen=True):
    """What is to be known besides the records. `carriers`: names a number may be sent from, None where
    anything goes. `zone_exists` knows the names of time zones. `hashes`: those of new passwords, by user
    name. `ends`: ids of the HTTP sessions that end with a new password. `base`: what addresses begin with.
    `new_secret` makes up what nobody can guess.
    """

    carriers: frozenset[str] | None = None
    zone_exists: Callable[[str], bool] = lambda name: True
    hashes: Mapping[str, str] = {}
    ends: tuple[str, ...] = ()
    base: str = ""
    new_secret: Callable[[], str] = lambda: ""


class View:
    """The configured records while they are being changed, by the name of their kind in the store. `now` in
    UTC milliseconds, where they are changed.

    `coming`: what the same file makes later, by kind and name; `leaving`: what it deletes, by kind and id.
    """

    def __init__(
        self,
        newest: Newest,
        kinds: "Mapping[str, ProvisionedKind[Any, Any]]",
        surroundings: Surroundings,
        now: int = 0,
    ) -> None:
        self.now = now
        self.surroundings = surroundings
        self._newest = newest
        self._kinds = kinds
        self.coming: set[tuple[str, str]] = set()
        self.leaving: set[tuple[str, str]] = set()
        self._records: dict[str, dict[str, Any]] = {}
        self._names: dict[str, dict[str, Any]] = {}

    def records(self, kind: str) -> dict[str, Any]:
        """All records of a kind by id."""
        if kind not in self._records:
            of = self._kinds[kind]
            found = list(self._newest(kind))
            self._records[kind] = {of.id_of(record): record for record in found}
            self._names[kind] = {of.fold(of.name_of(record)): record for record in found}
        return self._records[kind]

    def named(self, kind: str, name: str) -> Any | None:
        """A record by its name."""
        self.records(kind)
        return self._names[kind].get(self._kinds[kind].fold(name))

    def knows(self, kind: str, name: str) -> bool:
        """Whether there is a record of this name, also one that a later entry of the same file makes: should
        that fail, the file fails.
        """
        return self.named(kind, name) is not None or (kind, self._kinds[kind].fold(name)) in self.coming

    def put(self, kind: str, id: str, record: Any | None) -> None:
        """See a record as it will be; None: it will not be there."""
        of = self._kinds[kind]
        old = self.records(kind).pop(id, None)
        if old is not None:
            self._names[kind].pop(of.fold(of.name_of(old)), None)
        if record is not None:
            self._records[kind][id] = record
            self._names[kind][of.fold(of.name_of(record))] = record


class ProvisionedKind(ABC, Generic[R, B]):
    """One kind. `plural` is its path and its heading in a file, `kind` its name in the store, `name` the
    field that names a record and never changes. `staff`: only supervisors and administrators may read it;
    `administered`: only administrators.
    `demanded`: fields that a POST has to give although a file need not. `served`: at the path of its
    plural; False where it has endpoints of its own.
    """

    plural: ClassVar[str]
    singular: ClassVar[str]
    kind: ClassVar[str]
    body: type[B]
    name: ClassVar[str] = "name"
    staff: ClassVar[bool] = False
    administered: ClassVar[bool] = False
    demanded: ClassVar[tuple[str, ...]] = ()
    served: ClassVar[bool] = True
    built_in: ClassVar[tuple[Any, ...]] = ()

    def id_of(self, record: R) -> str:
        """The id in paths."""
        known: Any = record
        return str(known.id)

    def name_of(self, record: R) -> str:
        """The name in files, unique within the kind."""
        known: Any = record
        return str(known.name)

    def fold(self, name: str) -> str:
        """Names that fold to the same are the same."""
        return name

    def new_id(self, body: B, draft: Draft) -> str:
        """The id of a record that is made now."""
        return draft.ids.user()

    def explain(self, given: Mapping[str, Any], error: str) -> Refused:
        """What msgspec says of the fields of a body, as the refusal it means."""
        return explain(error)

    @abstractmethod
    def show(self, record: R, view: View) -> B:
        """The record as people write it."""

    @abstractmethod
    def make(self, body: B, id: str, old: R | None, view: View) -> R:
        """The record that a checked body means. Raises Refused 10 for a reference to nothing."""

    def told_once(self, record: R, body: B) -> dict[str, Any]:
        """What only the answer to the POST that made a record says, and nothing after it."""
        return {}

    def uses(self, record: R, view: View, draft: Draft) -> Iterator[str]:
        """Who needs this record, in words: as long as there is anybody it is not deleted (statusCode 19)."""
        return iter(())

    def changed(self, draft: Draft, old: R | None, new: R | None, view: View) -> None:
        """What else has to happen in the same commit. Raises Refused."""


def check_name(field: str, name: str) -> None:
    """Raises Refused 10 for a name that is empty, too long, or begins or ends with a blank."""
    check_text(field, name, NAME)
    if name != name.strip():
        raise invalid(field, "may not begin or end with a blank")
