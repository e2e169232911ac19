"""Business attributes: named lists of values that desktops offer (C§5.5). Knows no session."""

from msgspec import Struct


class AttributeValue(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One value of a list: `name` is stored, `display_name` shown."""

    name: str
    display_name: str = ""
    description: str = ""
    default: bool = False


class BusinessAttribute(Struct, frozen=True, omit_defaults=True):
    """A list of values."""

    id: str
    name: str
    display_name: str = ""
    description: str = ""
    values: tuple[AttributeValue, ...] = ()
    v: int = 1
