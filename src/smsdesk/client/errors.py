"""What can go wrong for whoever uses the client."""

from typing import Any


class DeskError(Exception):
    """Every error of this package."""


class Refused(DeskError):
    """The server refused, and nothing has changed. `status_code` is the API's statusCode, `http` the HTTP
    status, and the words say what is wrong (SPEC 1.6).
    """

    def __init__(self, status_code: int, words: str, http: int) -> None:
        super().__init__(f"{words} (statusCode {status_code})")
        self.status_code = status_code
        self.words = words
        self.http = http


class LoginRefused(Refused):
    """statusCode 20: the user or the password is wrong, or the login has ended."""


class Unreachable(DeskError):
    """No answer for as long as the client was patient. `sure`: nothing has changed; else nobody knows."""

    def __init__(self, words: str, sure: bool) -> None:
        super().__init__(words if sure else f"{words}; it may have been done or not")
        self.sure = sure


class Ended(DeskError):
    """The desk is closed, or its user has logged out."""


def refusal(reply: Any, http: int) -> Refused:
    """The exception for a reply with a statusCode that is neither 0 nor 7."""
    code = reply.get("statusCode") if isinstance(reply, dict) else None
    if not isinstance(code, int):
        return Refused(4, f"the server answered HTTP {http} and no statusCode; is the address right?", http)
    words = str(reply.get("statusMessage", "refused"))
    return (LoginRefused if code == 20 else Refused)(code, words, http)
