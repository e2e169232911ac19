"""Skills that users have from before skills were records of their own."""

from smsdesk.core.centre import Skill
from smsdesk.core.draft import Draft


def adopt_skills(draft: Draft) -> None:
    """Make a record for every skill that a user has and that has none."""
    there = {skill.name for skill in draft.newest.all("skill")}
    for user in draft.newest.all("user"):
        for name in user.skills:
            if name not in there:
                there.add(name)
                skill = Skill(draft.ids.user(), name)
                draft.put("skill", skill.id, skill)
