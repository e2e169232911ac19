"""The test suites: what belongs to each, how long it may take, and how it runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Suite:
    """A group of test folders with a common time budget."""

    name: str
    minutes: int
    folders: tuple[str, ...]
    workers: int = 2  # processes that share the suite; 0 runs it in one
    coverage: bool = False
    needs_browser: bool = False


SUITES: tuple[Suite, ...] = (
    Suite(
        "pure",
        1,
        ("core", "operations", "races", "routing", "wire", "bayeux", "smpp", "config"),
        coverage=True,
    ),
    Suite(
        "http",
        3,
        (
            "http",
            "commands",
            "client",
            "vectors",
            "store",
            "carriers",
            "fakes",
            "workers",
            "bench",
        ),
        coverage=True,
    ),
    Suite("pages", 2, ("reference", "docs"), coverage=True),
    Suite("forecast", 2, ("forecast", "erlang"), coverage=True),
    Suite("e2e", 4, ("e2e",)),
    Suite("postgres", 3, ("store_postgres",)),
    Suite("browser", 5, ("browser",), workers=0, needs_browser=True),
    Suite("crash", 2, ("crash",), workers=0),
)
