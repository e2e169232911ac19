"""Passwords on the command line: read from the standard input, or made to be used once."""

import secrets
import sys

from smsdesk.commands.reach import CommandFailed

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
GROUPS, LENGTH = 4, 5  # about 99 random bits


def one_time() -> str:
    """A password to be read aloud and typed once."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(GROUPS))


def from_input() -> str:
    """The first line of the standard input. Raises CommandFailed when there is none."""
    line = sys.stdin.readline()
    if not line:
        raise CommandFailed("the standard input is empty: the password has to be its first line")
    return line.rstrip("\r\n")
