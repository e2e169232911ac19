"""An explanation in words: what somebody has to know who asks why nobody gets an interaction. Pure."""

from smsdesk.core.centre import User
from smsdesk.core.expression import TargetError, skills_named
from smsdesk.core.interaction import Step
from smsdesk.routing.explain import Explanation, Rule, Scene, Verdict

ENDS = {"waiting": "it waits", "offered": "it is being offered", "assigned": "somebody has it"} | {
    "parked": "it is parked",
    "closed": "it is over",
}


PLAIN: dict[Rule, str] = {
    "closed": "nobody is offered anything: the queue is closed",
    "noPhase": "nobody is looked for now: the strategy names nobody at this time",
    "notEnabled": "is not enabled",
    "notLoggedIn": "is not logged in on the channel",
    "doNotDisturb": "does not want to be disturbed",
    "inSession": "is in the session",
}


def against(verdict: Verdict, found: Explanation, scene: Scene) -> str:
    """What stands against an agent, or that nothing does."""
    agent, now, interaction = scene.agent(verdict.user.id), scene.now, found.interaction
    match verdict.rule:
        case "wouldBeOffered":
            return _free(verdict, found)
        case "notWaiting":
            return f"nobody is looked for: {ENDS[interaction.place]}"
        case "notNamed":
            return _not_named(verdict.user, found, scene)
        case "notLastAgent":
            last = scene.centre.users.get(interaction.last_agent or "")
            return f"only the last agent{f', {last.user_name},' if last else ''} is tried for now"
        case "notReady":
            return f"is not ready ({agent.state.display_name}), for {ago(now - agent.since)}"
        case "refused":
            again = ago((verdict.until or now) - now)
            return f"rejected or missed it {ago(now - verdict.since)} ago; is asked again in {again}"
        case "noRoom":
            return f"has no room: {verdict.load} of {verdict.room} sessions are on the desk"
        case rule:
            return PLAIN[rule]


def _free(verdict: Verdict, found: Explanation) -> str:
    if verdict.first:
        return "would be offered it now"
    if found.phase is not None and found.phase.shares:
        return "would be offered it when the share of his target has its turn"
    first = next((other for other in found.verdicts if other.first), None)
    if first is None:
        return "would be offered it"
    if first.load < verdict.load and found.phase is not None and found.phase.order != "longestReady":
        why = f"has less on the desk ({first.load} against {verdict.load})"
    else:
        why = "has been ready for longer"
    return f"could be offered it, after {first.user.user_name}, who {why}"


def _not_named(user: User, found: Explanation, scene: Scene) -> str:
    """Why no target names a user, target by target."""
    targets = found.phase.targets if found.phase is not None else ()
    return "; ".join(_not_by(target, user, scene) for target in targets) or "no target names him"


def _not_by(target: str, user: User, scene: Scene) -> str:
    if target in scene.centre.groups:
        return f"is not in the group {target}"
    try:
        skills = sorted(skills_named(target))
    except TargetError:
        return f"is not meant by {target}"
    if "ROLE_AGENT" not in user.roles:
        return f"is no agent, as {target} asks for"
    has = ", ".join(f"{skill} {user.skills.get(skill, 0)}" for skill in skills)
    return f"does not have the skills {target} (has {has})"


def happened(step: Step, scene: Scene) -> str:
    """A step of the trace."""
    user = scene.centre.users.get(step.user or "")
    who = user.user_name if user is not None else "somebody who is gone"
    match step.what:
        case "arrived":
            return f"came into {step.queue}"
        case "queued":
            return f"waits in {step.queue}"
        case "offered":
            return f"was offered to {who}"
        case "accepted":
            return f"{who} accepted it"
        case "rejected":
            return f"{who} rejected it"
        case "missed":
            return f"{who} did not answer in time"
        case "withdrawn":
            return f"the offer to {who} was withdrawn"
        case "acted":
            return f"act {step.number} of the strategy was done"
        case "parked":
            return "was parked"
        case "woken":
            return "waits again after it was parked"
        case "closed":
            return "was closed"


def ago(milliseconds: int) -> str:
    """A time in words, as long as it has to be: `20 s`, `3 min 5 s`, `2 h 10 min`."""
    seconds = max(milliseconds, 0) // 1000
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"
