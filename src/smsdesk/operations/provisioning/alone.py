"""The contact centre that files make out of nothing: to be looked at, kept nowhere."""

from collections.abc import Iterable

from smsdesk.core.centre import Centre, Policy
from smsdesk.core.draft import Draft
from smsdesk.core.ids import Ids
from smsdesk.operations.kinds import centre_of
from smsdesk.operations.live import Live, NotLoaded
from smsdesk.operations.provisioning.kind import Surroundings
from smsdesk.operations.provisioning.plan import Wanted, carry_out


def centre_alone(files: Iterable[Wanted], surroundings: Surroundings, ids: Ids) -> Centre:
    """What comes of applying the files one after the other. Raises Refused 10 naming every mistake of the
    first file that has any.
    """
    live = Live()
    for wanted in files:
        _apply(live, wanted, surroundings, ids)
    return centre_of(live.all)


def _apply(live: Live, wanted: Wanted, surroundings: Surroundings, ids: Ids) -> None:
    while True:
        draft = Draft(live, centre_of(live.all), Policy(), ids, now=0)
        try:
            carry_out(draft, wanted, surroundings)
        except NotLoaded as need:  # there is nothing to be loaded from
            if need.by_key:
                live.loaded_key(need.kind, need.id, None)
            else:
                live.loaded(need.kind, need.id, None)
            continue
        live.stage(draft)
        return
