"""Folders in a tree, each named by its path such as `Billing/Invoices`: the part before the last slash names
the folder it is in. So a name says where it belongs, and sorting by name puts a folder before what is in it.
"""

from smsdesk.core.errors import invalid

SLASH = "/"
LONGEST, DEEPEST = 255, 10  # characters of a path, folders inside each other


def parent(path: str) -> str | None:
    """The folder that a folder is in; None for a root."""
    head, slash, _ = path.rpartition(SLASH)
    return head if slash else None


def leaf(path: str) -> str:
    """The folder's own name."""
    return path.rpartition(SLASH)[2]


def root(path: str) -> str:
    """The root of the tree that a folder is in."""
    return path.partition(SLASH)[0]


def within(path: str, folder: str) -> bool:
    """Whether a folder is this one, or in it at any depth."""
    return path == folder or path.startswith(folder + SLASH)


def check_path(field: str, path: str) -> None:
    """Raises Refused 10 for what is no path: empty names, blanks around them, too long or too deep."""
    names = path.split(SLASH)
    if not 1 <= len(path) <= LONGEST:
        raise invalid(field, f"has {len(path)} characters; 1 to {LONGEST} are allowed")
    if any(not name or name != name.strip() for name in names):
        raise invalid(field, "has to be names joined by slashes, without blanks around them")
    if len(names) > DEEPEST:
        raise invalid(field, f"is deeper than {DEEPEST} folders")
