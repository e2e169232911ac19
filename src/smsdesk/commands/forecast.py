"""`smsdesk forecast`: what a day of arrivals would come to. Reads files only; no server, no store."""

import csv
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from smsdesk.commands.provisioning import read
from smsdesk.commands.reach import CommandFailed
from smsdesk.core.centre import Centre
from smsdesk.core.errors import Refused
from smsdesk.core.ids import Ids
from smsdesk.forecast import report
from smsdesk.forecast.day import Day
from smsdesk.forecast.form import Form, policy_of, read_form
from smsdesk.forecast.outcome import Outcome
from smsdesk.forecast.plan import Plan
from smsdesk.forecast.planning import plan_of, zone_of
from smsdesk.operations.provisioning.alone import centre_alone
from smsdesk.operations.provisioning.kind import Surroundings
from smsdesk.operations.provisioning.kinds import BY_PLURAL
from smsdesk.operations.provisioning.plan import Wanted, read_file


def forecast(file: Path, json_file: Path | None = None, csv_file: Path | None = None) -> str:
    """Play the day of a file; the tables. Raises CommandFailed with every mistake of the file."""
    form, centre, plan = prepare(file)
    before = perf_counter()
    outcome = play(form, centre, plan)
    seconds = perf_counter() - before
    settings = form.settings
    title = f"{settings.date:%A %Y-%m-%d}, {settings.time_zone}, seed {settings.seed}"
    if settings.days > 1:
        title = f"{settings.days} days from {title}"
    if json_file is not None:
        _write(json_file, lambda out: json.dump(report.tree(outcome, plan.slots), out, indent=1))
    if csv_file is not None:
        _write(csv_file, lambda out: csv.writer(out).writerows(report.rows(outcome, plan.slots)))
    came = report.total(outcome).offered
    print(f"{came:,} interactions in {seconds:.1f} seconds", file=sys.stderr)
    return report.text(outcome, plan.slots, title)


def play(form: Form, centre: Centre, plan: Plan) -> Outcome:
    """The same seed plays the same day."""
    seed = form.settings.seed
    return Day(centre, policy_of(form), plan, lambda name: Random(f"{seed} {name}").random).play()


def prepare(file: Path) -> tuple[Form, Centre, Plan]:
    """Everything that is played. Raises CommandFailed with every mistake."""
    content = read(file)
    inline = {kind: entries for kind, entries in content.items() if kind in BY_PLURAL}
    form = read_form({name: value for name, value in content.items() if name not in BY_PLURAL})
    mistakes = list(form.mistakes)
    files: dict[str, str] = {}
    for name in (arrive.file for arrive in form.arrivals if arrive.file is not None):
        try:
            files[name] = (file.parent / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            mistakes.append(f"arrivals: {name} cannot be read: {error}")
            files[name] = ""
    given = form.settings.centre
    try:
        centre = _centre(file.parent / given if given is not None else None, inline, form.settings.seed)
        plan, more = plan_of(form, centre, files)
    except (Refused, CommandFailed) as error:
        raise CommandFailed("\n".join([*mistakes, str(error)])) from None
    if mistakes or more:
        raise CommandFailed("\n".join([*mistakes, *more]))
    return form, centre, plan


def _centre(file: Path | None, inline: Mapping[str, Any], seed: int) -> Centre:
    """The contact centre of the file that is named, with what stands in the forecast itself on top. Agents
    who are equal are told apart by their ids: these come from the seed too.
    """
    files: list[Wanted] = []
    if file is not None:
        try:
            files.append(read_file(read(file)))
        except Refused as refused:
            raise CommandFailed(f"{file}: {refused.message}") from None
    if inline:
        files.append(read_file(inline))
    surroundings = Surroundings(zone_exists=lambda name: zone_of(name) is not None)
    return centre_alone(files, surroundings, Ids(Random(f"{seed} ids").randbytes))


def _write(file: Path, write: Callable[[Any], object]) -> None:
    try:
        with file.open("w", encoding="utf-8", newline="") as out:
            write(out)
    except OSError as error:
        raise CommandFailed(f"{file} cannot be written: {error.strerror}") from None
