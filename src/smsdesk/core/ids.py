"""The shapes of ids (SPEC 8.2). Randomness comes in as a source of bytes; nothing is ever read out of an
id.
"""

from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
Entropy = Callable[[int], bytes]


class Ids:
    """Makes ids from a source of random bytes (`os.urandom` in the program, a seeded one in tests)."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy

    def interaction(self) -> str:
        """16 of 0-9A-Za-z, for sessions and contacts."""
        number = int.from_bytes(self._entropy(12), "big")
        letters = []
        for _ in range(16):
            number, digit = divmod(number, 62)
            letters.append(ALPHABET[digit])
        return "".join(letters)

    def participant(self) -> str:
        """16 upper-case hexadecimal digits."""
        return self._entropy(8).hex().upper()

    def user(self) -> str:
        """32 hexadecimal digits, for users, groups and queues."""
        return self._entropy(16).hex()

    def token(self) -> str:
        """A secret of 160 bits: HTTP sessions, CSRF tokens, Bayeux clients."""
        return self._entropy(20).hex()
