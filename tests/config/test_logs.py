"""Log lines: one chain for us and for libraries, and nothing secret in any of them."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from smsdesk import logs


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(level: logs.Level, write: str = "info", **fields: object) -> list[dict[str, Any]]:
    """What one log call leaves in the JSON stream."""
    stream = io.StringIO()
    logs.setup(level, "json", stream)
    getattr(structlog.get_logger(), write)("said", **fields)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_has_time_level_event_and_fields() -> None:
    (line,) = lines("info", session="0001", parts=2)
    time = line.pop("timestamp")
    assert time.endswith("Z")
    assert "T" in time
    assert line == {"event": "said", "level": "info", "session": "0001", "parts": 2}


def test_less_important_lines_are_left_out() -> None:
    assert lines("warning", "info") == []
    assert len(lines("warning", "error")) == 1


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "Password",
        "system_password",
        "Authorization",
        "Set-Cookie",
        "cookie",
        "csrf_token",
        "api_key",
    ],
)
@pytest.mark.parametrize("level", ["info", "debug"])
def test_secrets_are_masked_at_every_level(name: str, level: logs.Level) -> None:
    (line,) = lines(level, level, **{name: "hunter2"})
    assert line[name] == "****"


def test_what_people_wrote_shows_at_debug_only() -> None:
    assert lines("debug", "debug", text="my illness")[0]["text"] == "my illness"
    for write in ("info", "warning", "error"):
        assert lines("debug", write, text="my illness")[0]["text"] == "****"


def test_secrets_inside_containers_and_texts_are_masked() -> None:
    (line,) = lines(
        "info",
        headers={"authorization": "Basic aHVudGVyMg==", "accept": "*/*"},
        tries=[{"password": "hunter2"}, ("postgresql://u:hunter2@db/x",)],
        problem="refused: Basic aHVudGVyMg== from smpp://desk:hunter2@smsc:2775",
        raw=b"hunter2",
    )
    assert line["headers"] == {"authorization": "****", "accept": "*/*"}
    assert line["tries"] == [{"password": "****"}, ["postgresql://u:****@db/x"]]
    assert line["problem"] == "refused: Basic **** from smpp://desk:****@smsc:2775"
    assert line["raw"] == "<7 bytes>"


def test_long_and_deep_values_are_cut() -> None:
    deep: object = "end"
    for _ in range(50):
        deep = [deep]
    (line,) = lines("info", long="x" * 5000 + " and the cause", deep=deep)
    assert len(line["long"]) < 4100
    assert line["long"].endswith(" and the cause")
    assert "too deep" in json.dumps(line["deep"])


def test_a_traceback_is_one_line_without_passwords() -> None:
    stream = io.StringIO()
    logs.setup("info", "json", stream)
    try:
        raise ValueError("cannot reach postgresql://u:hunter2@db")
    except ValueError:
        structlog.get_logger().exception("failed")
    (text,) = stream.getvalue().splitlines()
    assert "ValueError: cannot reach postgresql://u:****@db" in json.loads(text)["exception"]


def test_lines_of_libraries_take_the_same_way() -> None:
    stream = io.StringIO()
    logs.setup("info", "json", stream)
    logging.getLogger("uvicorn.error").warning("slow %s", "http://u:hunter2@h")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["level"]) == ("slow http://u:****@h", "warning")


def test_the_last_setup_counts_alone() -> None:
    first, second = io.StringIO(), io.StringIO()
    logs.setup("info", "json", first)
    logs.setup("info", "auto", second)
    structlog.get_logger().info("once")
    assert first.getvalue() == ""
    assert json.loads(second.getvalue())["event"] == "once"


def test_a_terminal_gets_lines_for_people() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    logs.setup("info", "auto", stream)
    structlog.get_logger().info("listening", port=8080, password="hunter2")
    assert "listening" in stream.getvalue()
    assert "8080" in stream.getvalue()
    assert "hunter2" not in stream.getvalue()
    assert not stream.getvalue().startswith("{")
