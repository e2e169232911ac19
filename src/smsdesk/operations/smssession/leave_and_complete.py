"""LeaveAndComplete [ext]: printed as a capability only; it does what Complete does (SPEC 2.5)."""

from smsdesk.operations.smssession.complete import Complete


class LeaveAndComplete(Complete, frozen=True, tag="LeaveAndComplete"):
    """Parameters as for Complete."""
