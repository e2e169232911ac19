"""Render: the text of a standard response with its field codes filled (A§1.6)."""

from smsdesk.operations.base import Operation, check_text


class Render(Operation, frozen=True, tag="Render"):
    """`smssession_id`: the session of the caller's that the customer, the attached data and the rest come
    from; without it they are not known.
    """

    smssession_id: str | None = None

    def check(self) -> None:
        check_text("smssessionId", self.smssession_id, 64)
