"""The words in which a setting's limits are written, and the type of a setting that stays hidden."""

from msgspec import Meta


class Secret:
    """A value that never shows itself: `reveal()` gives it away, and its caller answers for that."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself; empty when none was set."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(****)" if self._value else "Secret()"


def says(description: str) -> Meta:
    """A setting whose type says already what is allowed."""
    return Meta(description=description)


def whole(low: int, high: int, description: str) -> Meta:
    """A whole number, both limits included."""
    return Meta(ge=low, le=high, description=description)


def words(low: int, high: int, description: str) -> Meta:
    """A text of `low` to `high` characters."""
    return Meta(min_length=low, max_length=high, description=description)


def formed(pattern: str, allowed: str, description: str = "", longest: int = 2048) -> Meta:
    """A text of a certain form; `allowed` says the form in words."""
    extra = {"allowed": allowed}
    return Meta(pattern=pattern, max_length=longest, description=description or None, extra=extra)


def hidden(pattern: str, allowed: str, description: str) -> Meta:
    """A secret of a certain form."""
    return Meta(description=description, extra={"allowed": allowed, "pattern": pattern})
