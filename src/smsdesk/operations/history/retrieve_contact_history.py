"""RetrieveContactHistory: the interactions of a customer (A§1.3)."""

from smsdesk.operations.history.criteria import Retrieve


class RetrieveContactHistory(Retrieve, frozen=True, tag="RetrieveContactHistory"):
    """The customer is named by the address it is posted to."""
