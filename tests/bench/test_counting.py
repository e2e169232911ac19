"""What the benchmark counts: a message once for everybody, medians of rounds, ratios against ours."""

from collections.abc import Callable

import msgspec
import pytest

from bench import report, sample
from bench.loop import Ear, Group, Meter
from bench.sampling import Sample, percentile

Answer = Callable[[int, bytes], None]


class Stage:
    """A group of two who hear it, and what its publisher was given."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.meter.on = True
        self.over: list[Group] = []
        self.sent: list[tuple[bytes, Answer]] = []
        self.group = Group(self.meter, lambda status, body: status == 200, self.over.append)
        self.ears = [Ear(self.group), Ear(self.group)]
        self.group.publish = lambda mark, answered: self.sent.append((mark, answered))
        self.group.go()

    @property
    def mark(self) -> bytes:
        return self.sent[-1][0]

    def answer(self, status: int) -> None:
        self.sent[-1][1](status, b"words")


def test_a_message_is_over_when_everybody_has_it_and_it_was_answered() -> None:
    stage = Stage()
    for ear in stage.ears:
        ear.heard(b"before " + stage.mark + b" behind")
    assert not stage.over
    stage.answer(200)
    assert stage.over == [stage.group]
    assert not stage.group.busy
    assert (len(stage.meter.deliveries), stage.meter.published) == (2, 1)


def test_nobody_hears_a_message_twice_or_another_one() -> None:
    stage = Stage()
    stage.answer(200)
    for _ in range(3):
        stage.ears[0].heard(stage.mark)
    stage.ears[1].heard(b"0" * 20)
    assert len(stage.meter.deliveries) == 1
    assert stage.group.busy


def test_a_refusal_is_a_fault_and_ends_nothing() -> None:
    stage = Stage()
    for ear in stage.ears:
        ear.heard(stage.mark)
    stage.answer(503)
    assert stage.meter.faults == {"503 words": 1}
    assert not stage.over


def test_marks_are_as_long_as_the_stamp_they_replace() -> None:
    assert len(Stage().mark) == len(sample.STAMP)


@pytest.mark.parametrize(
    "body", [sample.update(), sample.text(), msgspec.json.encode(sample.notification("n"))]
)
def test_every_sample_has_one_place_for_the_mark(body: bytes) -> None:
    assert body.count(sample.STAMP.encode()) == 1


def test_percentiles() -> None:
    values = [number * 1_000_000 for number in range(100, 0, -1)]
    assert (percentile(values, 0.5), percentile(values, 0.99), percentile([], 0.5)) == (51, 100, 0)


def found(subject: str, rate: float, cpu: float = 100) -> Sample:
    return Sample(
        "operations-websocket", subject, rate, rate, p50=1, p99=2, reply_p50=1, reply_p99=2, cpu=cpu,
        server_share=1, load_share=0.2, size=1800, start=500, memory_rest=1024, memory_each=10,
        memory_load=12, faults={},
    )  # fmt: skip


def run(*samples: Sample) -> report.Run:
    return report.Run("now", "a machine", 0.0, 3, 5.0, "1", list(samples), [])


def test_the_table_has_medians_and_our_ratio_to_the_others() -> None:
    ours = [found("smsdesk", rate) for rate in (10, 3000, 3100)]
    text = report.table(run(*ours, found("floor", 6000)))
    assert "| smsdesk | 3,000 |  | 1.00 | 2.00 | 100 |" in text
    assert "| floor | 6,000 | 0.50 |" in text


def test_a_run_is_compared_with_an_earlier_one() -> None:
    text = report.table(run(found("smsdesk", 4000, 50)), run(found("smsdesk", 2000, 100)))
    assert "smsdesk then and now: rate × 2.00, CPU × 0.50" in text
