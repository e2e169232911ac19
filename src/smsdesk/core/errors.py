"""Refusals: every way a request can fail, as rows of one table (SPEC 1.6)."""

from enum import Enum


class Fault(Enum):
    """A kind of mistake: (statusCode, HTTP status)."""

    MISSING = (1, 400)
    STATE = (2, 400)
    FORBIDDEN = (3, 403)
    UNAVAILABLE = (4, 503)
    INTERNAL = (4, 500)
    PERMISSION = (5, 403)
    UNKNOWN = (6, 404)
    METHOD = (6, 405)
    PASSWORD = (8, 403)
    INVALID = (10, 400)
    TOO_LARGE = (10, 413)
    EXISTS = (18, 403)
    IN_USE = (19, 403)
    LOGIN = (20, 403)

    @property
    def code(self) -> int:
        """The statusCode of the reply."""
        return self.value[0]

    @property
    def http(self) -> int:
        """The HTTP status of the reply."""
        return self.value[1]


class Refused(Exception):
    """A request that is refused. Raised before anything has changed; the message is for people (SPEC 1.6)."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault
        self.message = message


def missing(name: str) -> Refused:
    """A mandatory parameter is not there (statusCode 1)."""
    return Refused(Fault.MISSING, f"{name} is missing")


def invalid(name: str, why: str) -> Refused:
    """A parameter of the wrong type or value (statusCode 10)."""
    return Refused(Fault.INVALID, f"{name} {why}")


def unknown(what: str) -> Refused:
    """Not there, or not visible to the caller: the two cannot be told apart (statusCode 6)."""
    return Refused(Fault.UNKNOWN, f"{what} not found")
