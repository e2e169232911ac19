"""The structs of the settings: names, documentation and the little that they compute."""

import msgspec
import pytest

from smsdesk.config import Secret, ServerSettings
from smsdesk.config.carriers import CARRIER_KINDS, ServiceNumber
from smsdesk.config.check import Wrong, entries
from smsdesk.config.settings import ROOMS

STRUCTS: list[type[msgspec.Struct]] = [*ROOMS.values(), *CARRIER_KINDS.values(), ServiceNumber]


def test_a_name_is_used_in_one_room_only() -> None:
    """SPEC 9.14: `some_name` is `SMSDESK_SOME_NAME`, so it can belong to one room alone."""
    names = [name for struct in ROOMS.values() for name in entries(struct)]
    assert len(names) == len(set(names))
    assert not set(names) & {*ROOMS, "carrier", "service_number"}


@pytest.mark.parametrize("struct", STRUCTS)
def test_every_setting_says_what_it_is_for_and_what_is_allowed(struct: type[msgspec.Struct]) -> None:
    assert struct.__doc__
    for entry in entries(struct).values():
        assert entry.description.endswith("."), entry.name
        assert entry.allowed, entry.name


@pytest.mark.parametrize("struct", STRUCTS)
def test_every_default_is_allowed(struct: type[msgspec.Struct]) -> None:
    for entry in entries(struct).values():
        if not entry.required:
            plain = entry.default.reveal() if isinstance(entry.default, Secret) else entry.default
            assert entry.accept(list(plain) if isinstance(plain, tuple) else plain) == entry.default


@pytest.mark.parametrize("struct", STRUCTS)
def test_every_number_and_text_has_limits(struct: type[msgspec.Struct]) -> None:
    """Bounds everywhere (SPEC 8.10): far too much is refused by every setting."""
    for entry in entries(struct).values():
        for far_too_much in (10**9, "x" * 5000, ["http://a"] * 101):
            with pytest.raises(Wrong):
                entry.accept(far_too_much)


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        (ServerSettings(), "http://localhost:8080"),
        (ServerSettings(host="127.0.0.1", port=81), "http://127.0.0.1:81"),
        (ServerSettings(host="::1"), "http://[::1]:8080"),
        (ServerSettings(external_url="https://desk.example"), "https://desk.example"),
    ],
)
def test_what_clients_call_the_server(settings: ServerSettings, url: str) -> None:
    """SPEC 1.1: `external_url`, else `http://HOST:PORT`."""
    assert settings.public_url() == url


def test_a_free_port_shows_in_the_url_once_it_is_known() -> None:
    assert ServerSettings(port=0).public_url(4321) == "http://localhost:4321"


def test_localhost_binds_an_address_that_every_machine_has() -> None:
    assert ServerSettings().bind_host == "127.0.0.1"
    assert ServerSettings(host="::1").bind_host == "::1"


@pytest.mark.parametrize("zone", ["+0000", "-0330", "Europe/Vienna", "UTC"])
def test_zones_that_are_allowed(zone: str) -> None:
    assert entries(ROOMS["sessions"])["time_zone"].accept(zone) == zone


@pytest.mark.parametrize("zone", ["", "+24:00", "+2400", "Europe", "Mars/Base", "A/../../etc", "UTC\n"])
def test_zones_that_are_not(zone: str) -> None:
    with pytest.raises(Wrong):
        entries(ROOMS["sessions"])["time_zone"].accept(zone)


def test_a_secret_compares_and_hides() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    assert (repr(Secret("a")), repr(Secret("")), bool(Secret(""))) == ("Secret(****)", "Secret()", False)
