"""RetrieveAgentHistory: the interactions that an agent was in (A§1.3)."""

from smsdesk.operations.base import check_text
from smsdesk.operations.history.criteria import Retrieve


class RetrieveAgentHistory(Retrieve, frozen=True, tag="RetrieveAgentHistory"):
    """`user_id`: whose; without it the asker's."""

    user_id: str | None = None

    def check(self) -> None:
        super().check()
        check_text("userId", self.user_id, 64)
