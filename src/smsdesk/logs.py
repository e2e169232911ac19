"""Structured logs on standard error, one line an event, with nothing secret in them.

Rooms ask `structlog.get_logger()` and know nothing of this module; it knows nothing of them.
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import IO, Final, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["auto", "console", "json"]

MASK: Final = "****"
# A field whose name contains one of these never shows its value, whatever the level.
SECRET_WORDS: Final = (
    "password",
    "passwd",
    "secret",
    "token",
    "authorization",
    "cookie",
    "credential",
    "api_key",
)
# What people wrote to each other: shown at debug, where somebody asked for it.
PRIVATE_NAMES: Final = frozenset(
    {"text", "body", "short_message", "message_payload", "user_data", "userdata"}
)
MAX_DEPTH: Final = 6
MAX_TEXT: Final = 4000

_URL_PASSWORD = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@]*):[^\s/@]+@")
_AUTH_VALUE = re.compile(r"\b(?P<kind>Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{6,}")


def setup(level: Level, fmt: Format, stream: IO[str] | None = None) -> None:
    """Send every log line of the process, the server library's too, through one chain to `stream`.

    `auto` is `console` on a terminal and `json` elsewhere. May be called again: the last call counts.
    """
    stream = stream if stream is not None else sys.stderr
    as_json = fmt == "json" or (fmt == "auto" and not stream.isatty())
    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    render: Processor = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    if not as_json:
        render = structlog.dev.ConsoleRenderer(colors=stream.isatty())
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *chain, _hand_over],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    _root_handler(level, stream, chain, render)


def redact(_logger: WrappedLogger, method: str, fields: EventDict) -> EventDict:
    """Mask secrets in every field, and what people wrote unless the line is a debug line."""
    private = method != "debug"
    return {name: _clean(name, value, private, MAX_DEPTH) for name, value in fields.items()}


def _clean(name: str, value: object, private: bool, depth: int) -> object:
    """`value` as it may be written under `name`; containers are cleaned inside."""
    key = name.lower().replace("-", "_")
    if any(word in key for word in SECRET_WORDS) or (private and key in PRIVATE_NAMES):
        return value if value is None else MASK
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if depth == 0:
        return "<too deep>"
    if isinstance(value, Mapping):
        return {str(k): _clean(str(k), v, private, depth - 1) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", item, private, depth - 1) for item in value]
    return value


def _clean_text(value: str) -> str:
    """A string without the passwords that hide in URLs and headers, and of bounded length."""
    value = _URL_PASSWORD.sub(rf"\g<scheme>:{MASK}@", value)
    value = _AUTH_VALUE.sub(rf"\g<kind> {MASK}", value)
    if len(value) <= MAX_TEXT:
        return value
    half = MAX_TEXT // 2  # the end of a traceback says what it was
    return f"{value[:half]}… ({len(value)} characters) …{value[-half:]}"


def _root_handler(level: Level, stream: IO[str], chain: list[Processor], render: Processor) -> None:
    """Replace the root handler; lines of libraries get the same chain before they are rendered."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


_hand_over: Processor = structlog.stdlib.ProcessorFormatter.wrap_for_formatter
