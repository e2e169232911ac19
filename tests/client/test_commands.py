"""`smsdesk desk …` says what is wrong in words and by its status; the rest of it is in tests/e2e."""

import pytest

from smsdesk.client.commands import desk
from tests.e2e.server import free_port


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["sessions"], 2, "either a user"),
        (["sessions", "--user", "a", "--api-key", "b"], 2, "either a user"),
        (["call", "GET", "/me", "{", "--user", "a"], 2, "JSON"),
    ],
)
def test_wrong_arguments(
    words: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk(words, result_action="return_value") == status
    assert said in capsys.readouterr().err


def test_nobody_there(capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    words = ["sessions", "--user", "agent1", "--url", url, "--patience", "0"]
    assert desk(words, result_action="return_value") == 1
    assert "no connection" in capsys.readouterr().err
