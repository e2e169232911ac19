"""Business attributes as JSON: those that are provisioned, and those that follow from something else
(C§5.5).
"""

from collections.abc import Iterable, Iterator
from typing import Any

from smsdesk.core.attributes import BusinessAttribute
from smsdesk.core.centre import Centre
from smsdesk.core.dispositions import dispositions, groups
from smsdesk.core.folders import parent

LANGUAGE = "Language"
Shape = dict[str, Any]


def all_attributes(base: str, centre: Centre, languages: Iterable[str]) -> list[Shape]:
    """All attributes by name. Each root group of dispositions is one; so is `Language`, of the languages in
    use, unless it is provisioned. `base` ends in `/api/v2`.
    """
    provisioned: list[BusinessAttribute] = list(centre.records.get("attribute", {}).values())
    shapes = [_provisioned(base, attribute) for attribute in provisioned]
    shapes += _dispositions(base, centre)
    if LANGUAGE not in {attribute.name for attribute in provisioned}:
        values = [_value(name) for name in sorted(set(languages))]
        shapes.append(_attribute(base, LANGUAGE, LANGUAGE, "", "", values))
    return sorted(shapes, key=lambda shape: str(shape["name"]))


def _provisioned(base: str, attribute: BusinessAttribute) -> Shape:
    values = [_value(v.name, v.display_name, v.description, v.default) for v in attribute.values]
    names = (attribute.id, attribute.name, attribute.display_name, attribute.description)
    return _attribute(base, *names, values)


def _dispositions(base: str, centre: Centre) -> Iterator[Shape]:
    for group in groups(centre):
        if parent(group.name) is None:
            values = [_value(d.name, d.shown) for d in dispositions(centre, group.name)]
            yield _attribute(base, group.id, group.name, "", "", values)


def _attribute(
    base: str, id: str, name: str, display_name: str, description: str, values: list[Shape]
) -> Shape:
    path = f"/business-attributes/{id}"
    return {
        "id": id,
        "name": name,
        "displayName": display_name or name,
        "description": description,
        "userProperties": [],
        "values": values,
        "uri": base + path,
        "path": path,
    }


def _value(name: str, display_name: str = "", description: str = "", default: bool = False) -> Shape:
    return {
        "name": name,
        "displayName": display_name or name,
        "description": description,
        "userProperties": [],
        "default": default,
    }
