"""ReportResponseTemplateUsage: a desktop tells what became of a standard response (A§1.6)."""

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, missing, unknown
from smsdesk.core.responses import Response, ResponseUsage, UsageType, approved
from smsdesk.operations.base import UserOperation, check_text


class ReportResponseTemplateUsage(UserOperation, frozen=True, tag="ReportResponseTemplateUsage"):
    """`response_type` is the other name under which `usage_type` is documented."""

    response_template_id: str
    usage_type: UsageType | None = None
    response_type: UsageType | None = None

    def check(self) -> None:
        check_text("responseTemplateId", self.response_template_id, 64)
        if self.usage_type is None and self.response_type is None:
            raise missing("usageType")

    def apply(self, draft: Draft, user: str) -> None:
        response = draft.centre.records.get("response", {}).get(self.response_template_id)
        if not isinstance(response, Response):
            raise unknown("the response")
        if not approved(draft.centre, response):
            raise Refused(Fault.FORBIDDEN, f"the response {response.name!r} is not approved")
        used = str(self.usage_type or self.response_type)
        old = draft.get("responseusage", response.id)
        counts = dict(old.counts) if isinstance(old, ResponseUsage) else {}
        counts[used] = counts.get(used, 0) + 1
        draft.put("responseusage", response.id, ResponseUsage(response.id, counts, draft.now))
