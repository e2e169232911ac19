"""RetrieveInteractionHistory: the interactions of the house (A§1.3)."""

from smsdesk.operations.history.criteria import Retrieve


class RetrieveInteractionHistory(Retrieve, frozen=True, tag="RetrieveInteractionHistory"):
    """Everybody's."""
