"""Customers (A§1.9). A contact is the person; the numbers are how texts find him."""

from msgspec import Struct


class Contact(Struct, frozen=True, omit_defaults=True):
    """A customer known by his number (E.164 with '+', or any sender id); times in UTC milliseconds."""

    id: str
    number: str
    first_name: str = ""
    last_name: str = ""
    created: int = 0
    last_agent: str | None = None
    last_agent_at: int = 0
    v: int = 1

    @property
    def name(self) -> str | None:
        """First and last name, or nothing when neither is known."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or None
