"""A clock that jumps: tests set the time, nobody sleeps."""


class JumpingClock:
    """Callable like the program's clock; UTC milliseconds."""

    def __init__(self, now: int = 1_700_000_000_000) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def jump(self, milliseconds: int) -> None:
        """Let time pass."""
        self.now += milliseconds
