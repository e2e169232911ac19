"""Attached data: values kept in the very spelling they came in, checked against the rules of SPEC 3 and
8.7.
"""

import msgspec

from smsdesk.core.errors import invalid

UserData = dict[str, msgspec.Raw]
LIMIT = 64 * 1024
KEY_LIMIT = 255
_encode = msgspec.json.encode
_Scalar = str | int | float | bool | None


def raw(value: object) -> msgspec.Raw:
    """A value of our own as attached data."""
    return msgspec.Raw(_encode(value))


def plain(data: UserData) -> dict[str, object]:
    """Attached data as plain values, for rules and displays; numbers lose their spelling."""
    return {key: msgspec.json.decode(value) for key, value in data.items()}


def size(data: UserData) -> int:
    """Bytes of the data as JSON."""
    return len(_encode(data))


def check(data: UserData, name: str = "userData") -> UserData:
    """The data, cut loose from the request it came in. Raises Refused 10, naming the wrong key."""
    checked = {}
    for key, value in data.items():
        if not 1 <= len(key) <= KEY_LIMIT:
            raise invalid(name, f"has a key of {len(key)} characters; 1 to {KEY_LIMIT} are allowed")
        if "\0" in key:
            raise invalid(name, "has a key with a NUL character")
        _check_value(name, key, value)
        checked[key] = value.copy()
    return checked


def check_size(data: UserData, name: str = "userData") -> None:
    """Raises Refused 10 when the whole is more than 64 KiB (SPEC 3)."""
    if size(data) > LIMIT:
        raise invalid(name, f"would hold more than {LIMIT // 1024} KiB in all")


def _check_value(name: str, key: str, value: msgspec.Raw) -> None:
    try:
        decoded = msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise invalid(name, f"has a value under {key!r} that cannot be read: {error}") from None
    if isinstance(decoded, dict):
        for inner_key, inner in decoded.items():
            if not isinstance(inner, _Scalar):
                raise invalid(
                    name, f"has a list of lists under {key!r}; a key-value list holds plain values only"
                )
            if "\0" in inner_key:
                raise invalid(name, f"has a NUL character under {key!r}")
            _check_text(name, key, inner)
    elif isinstance(decoded, list):
        raise invalid(
            name, f"has an array under {key!r}; string, number, boolean, null or an object are allowed"
        )
    else:
        _check_text(name, key, decoded)


def _check_text(name: str, key: str, value: object) -> None:
    if isinstance(value, str) and "\0" in value:
        raise invalid(name, f"has a NUL character under {key!r}")
