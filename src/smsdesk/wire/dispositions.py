"""Dispositions as JSON: groups of the type `dispositions`, flat and as a tree, and descriptors
(C§5.3).
"""

from typing import Any

from smsdesk.core.centre import Centre
from smsdesk.core.dispositions import ROOT, Disposition, DispositionGroup, dispositions, groups
from smsdesk.core.folders import leaf, parent

TYPE = "dispositions"
ONE_LEVEL, WHOLE_TREE = "*", "**"  # of `subresources`
Shape = dict[str, Any]


def group(base: str, centre: Centre, group: DispositionGroup) -> Shape:
    """A group; one that is in another names that one. `base` ends in `/api/v2`."""
    path = f"/groups/{group.id}"
    shape: Shape = {
        "id": group.id,
        "name": leaf(group.name),
        "type": TYPE,
        "contains": [TYPE],
        "defaultGroup": group.name == ROOT,
    }
    above = next((g for g in groups(centre) if g.name == parent(group.name)), None)
    if above is not None:
        shape |= {"parentUri": f"{base}/groups/{above.id}", "parentPath": f"/groups/{above.id}"}
    return shape | {"uri": base + path, "path": path}


def tree(base: str, centre: Centre, top: DispositionGroup, whole: bool) -> Shape:
    """A group with its dispositions and the groups in it; `whole`: these too have theirs."""
    below = [g for g in groups(centre) if parent(g.name) == top.name]
    own = [d for d in dispositions(centre) if d.group == top.name]
    return group(base, centre, top) | {
        "dispositions": [descriptor(base, d) for d in own],
        "groups": [tree(base, centre, g, True) if whole else group(base, centre, g) for g in below],
    }


def with_subresources(base: str, centre: Centre, top: DispositionGroup, subresources: str | None) -> Shape:
    """A group with as much of its tree as was asked for."""
    if subresources is None:
        return group(base, centre, top)
    return tree(base, centre, top, subresources == WHOLE_TREE)


def listing(base: str, centre: Centre, subresources: str | None) -> list[Shape]:
    """All groups; of whole trees only the roots, which hold the others."""
    whole = subresources == WHOLE_TREE
    shown = [g for g in groups(centre) if not whole or parent(g.name) is None]
    return [with_subresources(base, centre, g, subresources) for g in shown]


def descriptor(base: str, disposition: Disposition) -> Shape:
    """What stands for a disposition: `name` is the value to be sent, `displayName` is for people."""
    path = f"/dispositions/{disposition.id}"
    return {
        "id": disposition.id,
        "name": disposition.name,
        "displayName": disposition.shown,
        "uri": base + path,
        "path": path,
    }
