"""User names and passwords: argon2id in a small pool, what was verified remembered for a while, failures
slowed down (SPEC 1.9, 8.11). Knows no requests.
"""

import asyncio
import hmac
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakValueDictionary

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from smsdesk.core.centre import User
from smsdesk.core.errors import Fault, Refused
from smsdesk.http.login_log import LoginLog
from smsdesk.http.slow_down import FREE_FAILURES, MAX_NAME, Pause, SlowDown
from smsdesk.operations.login import Credential
from smsdesk.operations.perform import Performer

log = structlog.get_logger("login")
MAX_REMEMBERED = 10_000
MAX_ATTEMPTS = 1_000  # passwords that may wait for their turn or are being verified


class Passwords:
    """Verifies passwords. One that was right is remembered for `memory` milliseconds as an HMAC under a key
    of this process, together with the hash it fitted: a new password makes it worthless.
    """

    def __init__(
        self,
        performer: Performer,
        audit: LoginLog,
        memory: int,
        threads: int,
        process_key: bytes,
        hasher: PasswordHasher | None = None,
        pause: Pause | None = None,
    ) -> None:
        self.slow_down = SlowDown(pause)
        self._performer = performer
        self._audit = audit
        self._memory = memory
        self._key = process_key
        self._pool = ThreadPoolExecutor(threads, "argon2")
        self._attempts = 0
        self._hasher = hasher or PasswordHasher()
        self._remembered: dict[bytes, tuple[int, str]] = {}
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Semaphore] = WeakValueDictionary()
        self._dummy = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The argon2id hash of a password (takes about 0.1 s)."""
        return self._hasher.hash(password)

    async def hash_apart(self, password: str) -> str:
        """The same in the pool of threads that verifies passwords."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._hasher.hash, password)

    async def user(self, name: str, password: str, address: str) -> User:
        """Who has this name and password. Raises Refused LOGIN, UNAVAILABLE when too many ask. Whatever is
        wrong, it takes as long.
        """
        mark = hmac.digest(self._key, f"{len(name)} {name} {password}".encode(), "sha256")
        if user := await self._remembers(name, mark):
            return user
        if self._attempts >= MAX_ATTEMPTS:
            raise Refused(Fault.UNAVAILABLE, "too many are logging in at this moment")
        self._attempts += 1
        try:
            return await self._attempt(name, password, address, mark)
        finally:
            self._attempts -= 1

    async def _attempt(self, name: str, password: str, address: str, mark: bytes) -> User:
        before = self.slow_down.failures(name, address)
        await self.slow_down.wait(name, address, self._performer.clock())
        async with self._turn("address", address), self._turn("user", name.lower()[:MAX_NAME]):
            now = self.slow_down.failures(name, address)
            if any(n >= b + FREE_FAILURES for b, n in zip(before, now, strict=True)):
                raise Refused(Fault.UNAVAILABLE, "too many logins have just failed; try again later")
            return await self._remembers(name, mark) or await self._look(name, password, address, mark)

    def _turn(self, kind: str, name: str) -> asyncio.Semaphore:
        """Few passwords of a user, and few from an address, are verified at one time: else a burst of guesses
        would be over before the first has counted as a failure.
        """
        return self._turns.setdefault((kind, name), asyncio.Semaphore(FREE_FAILURES))

    async def _remembers(self, name: str, mark: bytes) -> User | None:
        user, hashed = await self._known(name)
        until, remembered = self._remembered.get(mark, (0, ""))
        return user if until > self._performer.clock() and hashed == remembered else None

    async def _look(self, name: str, password: str, address: str, mark: bytes) -> User:
        user, hashed = await self._known(name)
        fits = await self._verify(hashed or self._dummy, password)
        now = self._performer.clock()
        if not (fits and user and hashed):
            self.slow_down.failed(name, address, now)
            if user is not None:
                self._audit.refused(user.id, address)
            # A name that is nobody's is not written down: people type passwords there.
            log.warning("login refused", user=user.user_name if user else None, address=address)
            raise Refused(Fault.LOGIN, "Access denied")
        if len(self._remembered) >= MAX_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[mark] = (now + self._memory, hashed)
        self.slow_down.succeeded(name)
        return user

    async def _known(self, name: str) -> tuple[User | None, str | None]:
        """Who may log in under a name, and the hash of his password."""
        user = self._performer.centre.user_names.get(name.lower())
        if user is None or not user.enabled:
            return None, None
        credential = await self._performer.read("credential", user.id)
        return user, credential.hash if isinstance(credential, Credential) else None

    async def _verify(self, hashed: str, password: str) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._check, hashed, password)

    def _check(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    def close(self) -> None:
        """Give the threads back."""
        self._pool.shutdown(wait=False, cancel_futures=True)
