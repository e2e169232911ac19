"""Arguments in, exit status out. What is done stands in `commands`, a module for each area."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App as Cli
from cyclopts import Parameter

from smsdesk import __version__
from smsdesk.client.commands import desk
from smsdesk.commands import contacts as customers
from smsdesk.commands import forecast as forecasting
from smsdesk.commands import hours, provisioning, routing, users
from smsdesk.commands import init as initialising
from smsdesk.commands.passwords import from_input
from smsdesk.commands.reach import CommandFailed, settings_for
from smsdesk.commands.serve import serve as run_server
from smsdesk.config import Settings, SettingsError, explain, load
from smsdesk.http.cors import LOOPBACK
from smsdesk.logs import setup

cli = Cli(name="smsdesk", version=__version__, help="An SMS contact centre that speaks the SMS Session API.")
cli.command(desk)
user = Cli(name="user", help="The people who can log in. Works beside a running server and without one.")
cli.command(user)
contacts = Cli(name="contacts", help="The customers. Works beside a running server and without one.")
cli.command(contacts)
business_hours = Cli(name="hours", help="Business hours. Works beside a running server and without one.")
cli.command(business_hours)
CONFIG = Annotated[Path | None, Parameter(help="The settings, a TOML file.")]
DATA = Annotated[str | None, Parameter(help="Where the database lies.")]
STDIN = Annotated[
    bool,
    Parameter(negative="", help="Take the first line of the standard input for the password."),
]
Command = Callable[[Settings], Coroutine[Any, Any, str]]


@cli.command
def serve(
    *,
    config: CONFIG = None,
    data: DATA = None,
    host: Annotated[str | None, Parameter(help="The address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="The port to listen on; 0 takes a free one.")] = None,
    demo: Annotated[
        bool, Parameter(negative="", help="With the demo contact centre and its simulator.")
    ] = False,
    i_know_this_is_a_demo: Annotated[
        bool, Parameter(negative="", help="Let a demo listen on other addresses than loopback.")
    ] = False,
) -> int:
    """Run the server until it is told to stop."""
    options = {"data": data, "host": host, "port": None if port is None else str(port)}
    try:
        settings = load(
            config, os.environ, {name: value for name, value in options.items() if value is not None}
        )
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    if demo and settings.server.host not in LOOPBACK and not i_know_this_is_a_demo:
        print(
            f"a demo has known passwords and listens on loopback only, not on {settings.server.host}; "
            "add --i-know-this-is-a-demo if that is what you want",
            file=sys.stderr,
        )
        return 2
    setup(settings.server.log_level, settings.server.log_format)
    return run_server(settings, demo)


@cli.command(name="check-config")
def check_config(*, config: CONFIG = None) -> int:
    """Say whether the settings are in order, and every mistake in them."""
    fine, lines = explain(config, os.environ)
    print("\n".join(lines))
    return 0 if fine else 2


@cli.command
def init(*, config: CONFIG = None, data: DATA = None) -> int:
    """Make the store and the first administrator, and print a password to be used once."""
    return run(config, data, initialising.init)


@cli.command
def apply(
    file: Path,
    *,
    dry_run: Annotated[bool, Parameter(negative="", help="Only say what would change.")] = False,
    prune: Annotated[
        bool, Parameter(negative="", help="Delete what the kinds in the file have no entry for.")
    ] = False,
    config: CONFIG = None,
    data: DATA = None,
) -> int:
    """Make the contact centre what a file says; all of it, or nothing when there is a mistake."""
    return run(config, data, lambda settings: provisioning.apply(settings, file, dry_run, prune))


@cli.command
def export(*, config: CONFIG = None, data: DATA = None) -> int:
    """Print everything that is provisioned as a file that can be applied; passwords are not in it."""
    return run(config, data, provisioning.export)


@cli.command
def forecast(
    file: Path,
    *,
    json: Annotated[Path | None, Parameter(help="Write everything there too, as JSON.")] = None,
    csv: Annotated[Path | None, Parameter(help="Write queues by the hour there too, as CSV.")] = None,
) -> int:
    """Play a day of arrivals against a contact centre in virtual time, and say how long customers wait."""
    return told(lambda: forecasting.forecast(file, json, csv))


@cli.command(name="explain")
def explain_routing(
    interaction: str,
    *,
    agent: Annotated[str | None, Parameter(help="Somebody to be asked about, by user name.")] = None,
    config: CONFIG = None,
    data: DATA = None,
) -> int:
    """Say why a waiting session goes to somebody or to nobody now, and what happened with it so far."""
    return run(config, data, lambda settings: routing.explain(settings, interaction, agent))


@user.command
def add(
    name: str,
    *,
    role: Annotated[
        list[users.Role] | None,
        Parameter(negative="", help="What the user may do, one or several times; an agent if not said."),
    ] = None,
    first_name: Annotated[str, Parameter(help="Shown to customers where no nickname is given.")],
    last_name: Annotated[str, Parameter(help="The family name.")],
    email: Annotated[str, Parameter(help="The e-mail address.")] = "",
    password_stdin: STDIN = False,
    config: CONFIG = None,
    data: DATA = None,
) -> int:
    """Make a user."""

    async def command(settings: Settings) -> str:
        password = from_input() if password_stdin else None
        names = (first_name, last_name)
        return await users.add(settings, name, role or ["agent"], names, email, password)

    return run(config, data, command)


@user.command
def passwd(name: str, *, password_stdin: STDIN = False, config: CONFIG = None, data: DATA = None) -> int:
    """Give a user a new password; his logins end."""

    async def command(settings: Settings) -> str:
        return await users.passwd(settings, name, from_input() if password_stdin else None)

    return run(config, data, command)


@user.command(name="list")
def list_users(*, config: CONFIG = None, data: DATA = None) -> int:
    """Show all users."""
    return run(config, data, users.listing)


@user.command
def disable(name: str, *, config: CONFIG = None, data: DATA = None) -> int:
    """Let a user log in no more."""
    return run(config, data, lambda settings: users.enable(settings, name, False))


@user.command
def enable(name: str, *, config: CONFIG = None, data: DATA = None) -> int:
    """Let a user log in again."""
    return run(config, data, lambda settings: users.enable(settings, name, True))


@contacts.command(name="import")
def import_contacts(
    file: Path,
    *,
    write: Annotated[bool, Parameter(negative="", help="Write it; without, only say what would.")] = False,
    config: CONFIG = None,
    data: DATA = None,
) -> int:
    """Take over a table of customers as CSV; what is known already is never replaced."""
    return run(config, data, lambda settings: customers.take_over(settings, file, write))


@business_hours.command(name="import")
def import_calendar(
    file: Path,
    *,
    into: Annotated[str, Parameter(help="The name of the business hours.")],
    config: CONFIG = None,
    data: DATA = None,
) -> int:
    """Take over the days of a calendar (.ics) on which it is closed."""
    return run(config, data, lambda settings: hours.take_over(settings, file, into))


def run(config: Path | None, data: str | None, command: Command) -> int:
    """Run a command that reaches the contact centre, print what it says; the exit status: 1 when it came to
    nothing, 2 for wrong settings.
    """

    def work() -> str:
        settings = settings_for(config, data)
        setup("error", settings.server.log_format)
        return asyncio.run(command(settings))

    return told(work)


def told(work: Callable[[], str]) -> int:
    """Print what a command says; the exit status."""
    try:
        print(work())
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except CommandFailed as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read it has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def main() -> None:
    """The `smsdesk` command."""
    started: Callable[[], object] = cli
    status = started()
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
