"""GetInteractionContent: one interaction with its transcript (A§1.3)."""

from smsdesk.operations.base import Operation


class GetInteractionContent(Operation, frozen=True, tag="GetInteractionContent"):
    """The interaction is named by the address it is posted to."""
