"""Assembles each room's own settings struct from a TOML file, environment and command line (SPEC 7.2).

Knows no room beyond its settings. A room takes its struct as an argument and never asks for more.
"""

from collections.abc import Mapping
from pathlib import Path

from smsdesk.config.carriers import CarrierSettings, ServiceNumber, SimulatorSettings, SmppSettings
from smsdesk.config.check import show
from smsdesk.config.limits import Secret
from smsdesk.config.load import ENTRIES, Draft, build, read
from smsdesk.config.settings import (
    ApiSettings,
    BayeuxSettings,
    ServerSettings,
    SessionSettings,
    Settings,
    StoreSettings,
)

__all__ = [
    "ApiSettings",
    "BayeuxSettings",
    "CarrierSettings",
    "Secret",
    "ServerSettings",
    "ServiceNumber",
    "SessionSettings",
    "Settings",
    "SettingsError",
    "SimulatorSettings",
    "SmppSettings",
    "StoreSettings",
    "explain",
    "load",
]


class SettingsError(Exception):
    """Some settings are wrong. `mistakes` holds one line for each: where, what is there, what is allowed."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


def load(
    path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, str] | None = None
) -> Settings:
    """The settings of a server: defaults, then the file, then `environ`, then `overrides`, the last one wins.

    `overrides` are options of the command line under the names of settings, such as `{"port": "9000"}`.
    Raises `SettingsError` with every mistake, not with the first alone.
    """
    draft = read(path, environ, overrides or {})
    if draft.mistakes:
        raise SettingsError(draft.mistakes)
    return build(draft)


def explain(
    path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, str] | None = None
) -> tuple[bool, list[str]]:
    """What `smsdesk check-config` prints: whether all is well, and the mistakes or what was set and where."""
    draft = read(path, environ, overrides or {})
    if draft.mistakes:
        count = len(draft.mistakes)
        return False, [*draft.mistakes, f"{count} mistake{'s' if count > 1 else ''}"]
    return True, _summary(draft)


def _summary(draft: Draft) -> list[str]:
    """Every setting that is not left to its default, with its place; secrets stay hidden."""
    lines = [
        f"{name} = {ENTRIES[name].shown(value)}  ({draft.places[name]})"
        for name, value in draft.values.items()
    ]
    lines += [f"carrier {show(carrier.name)}" for carrier in draft.carriers]
    lines += [
        f"service number {show(number.number)} on carrier {show(number.carrier)}, queue {show(number.queue)}"
        for number in draft.numbers
    ]
    rest = len(ENTRIES) - len(draft.values)
    return [*lines, f"{rest} settings have their defaults", "the settings are in order"]
