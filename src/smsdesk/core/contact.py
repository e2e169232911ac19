"""Customers (A§1.9). A contact is the person; the numbers are how texts find him. Knows no sessions."""

from msgspec import Struct


class Contact(Struct, frozen=True, omit_defaults=True):
    """A customer, found by each of his numbers (E.164 with '+', or any sender id); times in UTC milliseconds.

    `number`: the main one, empty when only an address or a name is known.
    `numbers`: further ones; each has an alias. `merged`: ids of contacts that became part of this one.
    """

    id: str
    number: str
    first_name: str = ""
    last_name: str = ""
    created: int = 0
    last_agent: str | None = None
    last_agent_at: int = 0
    email: str = ""
    numbers: tuple[str, ...] = ()
    title: str = ""
    language: str = ""
    notes: str = ""
    attributes: dict[str, str] = {}
    changed: int = 0
    merged: tuple[str, ...] = ()
    v: int = 1

    @property
    def name(self) -> str | None:
        """First and last name, or nothing when neither is known."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or None

    @property
    def all_numbers(self) -> tuple[str, ...]:
        """All numbers, the main one first."""
        return (self.number, *self.numbers) if self.number else self.numbers

    @property
    def email_tag(self) -> str | None:
        """What contacts with the same address have in common."""
        return email_tag(self.email) if self.email else None


class Alias(Struct, frozen=True, omit_defaults=True):
    """A further way to a contact; `id` is one of his numbers, or made by `merged_id`."""

    id: str
    contact: str
    v: int = 1


def merged_id(contact: str) -> str:
    """The alias of a contact that became part of another. Numbers hold no blank."""
    return f"contact {contact}"


def email_tag(address: str) -> str:
    """An address as it is looked for: case does not matter."""
    return f"email {address.lower()}"
