"""Skill expressions such as `?:english>5&billing>=3` (A§4.2), read into a test of somebody's skills."""

import re
from collections.abc import Callable, Mapping

Test = Callable[[Mapping[str, int]], bool]
MARK = "?:"  # an expression may begin with it
_TOKEN = re.compile(r"\s*(?:(?P<name>\w+)|(?P<number>\d+)|(?P<sign>>=|<=|!=|[=<>&|()]))")
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
}


LONGEST, DEEPEST, DIGITS = 1000, 20, 9  # characters, parentheses inside each other, digits of a level


class TargetError(ValueError):
    """A target that cannot be understood; the message says where and why."""


def expression(text: str) -> Test:
    """A skill expression, evaluated from left to right, parentheses first (A§4.2). Raises TargetError."""
    return _parsed(text)[0]


def skills_named(text: str) -> frozenset[str]:
    """The skills that an expression asks for. Raises TargetError."""
    return frozenset(_parsed(text)[1])


def levels_named(text: str) -> dict[str, int]:
    """The levels that an expression compares skills with; of a skill that it names twice the last one. Raises
    TargetError.
    """
    return dict(_parsed(text)[2])


def lowered(text: str, skill: str, by: int, to: int) -> str:
    """The expression with the level that it asks of a skill lowered, not below `to`; what is no expression or
    does not ask for the skill stays as it is.
    """
    if by <= 0 or not text.startswith(MARK):
        return text
    asked = re.compile(rf"(?<!\w)({re.escape(skill)}\s*(?:>=|>|=)\s*)(\d{{1,{DIGITS}}})")
    return asked.sub(lambda found: found[1] + str(max(min(int(found[2]), to), int(found[2]) - by)), text)


def _parsed(text: str) -> tuple[Test, list[str], list[tuple[str, int]]]:
    parser = _Parser(text.removeprefix(MARK))
    test = parser.alternatives()
    parser.end()
    return test, parser.named, parser.levels


class _Parser:
    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise TargetError(f"{text[:20]!r}... is longer than {LONGEST} characters")
        self._text = text
        self._depth = 0
        self._tokens: list[str] = []
        self.named: list[str] = []
        self.levels: list[tuple[str, int]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if not found:
                raise TargetError(f"{text!r}: nothing is known that begins with {text[at : at + 10]!r}")
            self._tokens.append(found.group().strip())
            at = found.end()

    def alternatives(self) -> Test:
        test = self._term()
        while self._next() in ("&", "|"):
            sign, left = self._take(), test
            right = self._term()
            test = _both(left, right) if sign == "&" else _either(left, right)
        return test

    def _term(self) -> Test:
        if self._next() == "(":
            self._take()
            self._depth += 1
            if self._depth > DEEPEST:
                raise TargetError(f"{self._text!r}: more than {DEEPEST} parentheses inside each other")
            test = self.alternatives()
            self._depth -= 1
            if self._take() != ")":
                raise TargetError(f"{self._text!r}: a closing parenthesis is missing")
            return test
        name, sign, number = self._take(), self._take(), self._take()
        if sign not in _COMPARE or not (number.isdecimal() and len(number) <= DIGITS):
            raise TargetError(
                f"{self._text!r}: expected something like english>5, found {name}{sign}{number}"
            )
        self.named.append(name)
        self.levels.append((name, int(number)))
        return _compare(name, _COMPARE[sign], int(number))

    def end(self) -> None:
        if self._tokens:
            raise TargetError(f"{self._text!r}: nothing may follow before {self._tokens[0]!r}")

    def _next(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def _take(self) -> str:
        return self._tokens.pop(0) if self._tokens else ""


def _both(left: Test, right: Test) -> Test:
    return lambda skills: left(skills) and right(skills)


def _either(left: Test, right: Test) -> Test:
    return lambda skills: left(skills) or right(skills)


def _compare(name: str, compare: Callable[[int, int], bool], number: int) -> Test:
    return lambda skills: compare(skills.get(name, 0), number)
