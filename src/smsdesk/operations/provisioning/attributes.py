"""Business attributes that are provisioned; those that follow from something else are not among them
(C§5.5).
"""

from typing import ClassVar

from smsdesk.core.attributes import AttributeValue, BusinessAttribute
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.operations.base import check_text
from smsdesk.operations.provisioning.kind import NAME, Body, ProvisionedKind, View, check_name

VALUES, DESCRIPTION = 1000, 1000  # values of one attribute, characters


class AttributeBody(Body, frozen=True):
    """A business attribute."""

    name: str
    display_name: str = ""
    description: str = ""
    values: tuple[AttributeValue, ...] = ()

    def check(self) -> None:
        check_name("name", self.name)
        check_text("displayName", self.display_name, NAME, shortest=0)
        check_text("description", self.description, DESCRIPTION, shortest=0)
        if len(self.values) > VALUES:
            raise invalid("values", f"has more than {VALUES}")
        if len({value.name for value in self.values}) != len(self.values):
            raise invalid("values", "names a value twice")
        if sum(value.default for value in self.values) > 1:
            raise invalid("values", "has more than one default")
        for value in self.values:
            check_name("values", value.name)
            check_text("values", value.display_name, NAME, shortest=0)
            check_text("values", value.description, DESCRIPTION, shortest=0)


class Attributes(ProvisionedKind[BusinessAttribute, AttributeBody]):
    """The row of business attributes."""

    plural: ClassVar[str] = "business-attributes"
    singular: ClassVar[str] = "businessAttribute"
    kind: ClassVar[str] = "attribute"
    body = AttributeBody

    def show(self, record: BusinessAttribute, view: View) -> AttributeBody:
        return AttributeBody(record.name, record.display_name, record.description, record.values)

    def make(
        self, body: AttributeBody, id: str, old: BusinessAttribute | None, view: View
    ) -> BusinessAttribute:
        return BusinessAttribute(id, body.name, body.display_name, body.description, body.values)

    def changed(
        self, draft: Draft, old: BusinessAttribute | None, new: BusinessAttribute | None, view: View
    ) -> None:
        """A root group of dispositions is an attribute already."""
        if old is None and new is not None and view.named("dispositiongroup", new.name) is not None:
            raise Refused(Fault.EXISTS, f"{new.name!r} is a group of dispositions, and an attribute by that")
