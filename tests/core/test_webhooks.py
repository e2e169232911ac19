"""What is signed, what an answer means, when the next try is due."""

import hashlib
import hmac

import pytest

from smsdesk.core.webhooks import MOST_TRIES, WAITS, Delivery, Outcome, after, answered, headers

DELIVERY = Delivery("d1", "w1", "alarm", '{"id":"d1","wörds":"ä"}', 1000, 1000)


def test_the_signature_is_over_timestamp_and_body() -> None:
    found = headers("s3cret", DELIVERY, 1_700_000_000_999)
    signed = b"1700000000." + DELIVERY.body.encode()
    assert found == {
        "Content-Type": "application/json",
        "Smsdesk-Event": "alarm",
        "Smsdesk-Delivery": "d1",
        "Smsdesk-Timestamp": "1700000000",
        "Smsdesk-Signature": "sha256=" + hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest(),
    }


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (200, "delivered"),
        (204, "delivered"),
        (301, "waiting"),
        (400, "failed"),
        (404, "failed"),
        (408, "waiting"),
        (410, "failed"),
        (429, "waiting"),
        (500, "waiting"),
        (503, "waiting"),
    ],
)
def test_what_an_answer_means(status: int, state: str) -> None:
    then = after(DELIVERY, answered(status), 5000)
    assert (then.state, then.status, then.attempts, then.tried) == (state, status, 1, 5000)
    assert then.due == (5000 + WAITS[0] if state == "waiting" else 5000)


def test_ten_tries_within_about_a_day() -> None:
    delivery, now, times = DELIVERY, 0, []
    while delivery.state == "waiting":
        now = delivery.due
        times.append(now)
        delivery = after(delivery, Outcome(None, "no answer"), now)
    assert (delivery.state, delivery.attempts, len(times)) == ("failed", MOST_TRIES, 10)
    assert 20 * 3_600_000 < times[-1] - times[0] < 24 * 3_600_000
    assert sorted(WAITS) == list(WAITS)


def test_words_are_kept_short() -> None:
    assert len(after(DELIVERY, Outcome(500, "x" * 5000), 0).words) == 200
