"""Settings from file, environment and command line (SPEC 7.2, 9.14): who wins, what a mistake says."""

from pathlib import Path

import pytest

from smsdesk.config import Settings, SettingsError, SimulatorSettings, SmppSettings, explain, load

SMPP = """
[[carrier]]
name = "acme"
kind = "smpp"
host = "smsc.example"
system_id = "desk"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "smsdesk.toml"


def mistakes(file: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    """What `load` says about a settings file, without the folder in front."""
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(file, environ or {})
    return [line.removeprefix(f"{file.parent}/") for line in caught.value.mistakes]


def loaded(file: Path, text: str) -> Settings:
    file.write_text(text)
    return load(file, {})


def test_nothing_set_gives_the_documented_defaults() -> None:
    settings = load(None, {})
    assert settings == Settings()
    assert (settings.server.port, settings.api.body_limit) == (8080, 262_144)
    assert (settings.sessions.ring_seconds, settings.sessions.capacity) == (30, 5)
    assert settings.sessions.disposition_key == "DispositionCode"


def test_the_later_source_wins(file: Path) -> None:
    file.write_text("[server]\nport = 1001\n[sessions]\ncapacity = 2\n[api]\nbody_limit = 2048\n")
    settings = load(file, {"SMSDESK_PORT": "1002", "SMSDESK_CAPACITY": "3"}, {"port": "1003"})
    assert (settings.server.port, settings.sessions.capacity, settings.api.body_limit) == (1003, 3, 2048)


def test_a_setting_may_stand_above_the_first_heading(file: Path) -> None:
    assert loaded(file, 'port = 1001\nlog_level = "debug"\n').server.port == 1001


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("false", False), ("1", True), ("0", False), ("TRUE", True)]
)
def test_a_switch_in_the_environment(text: str, value: bool) -> None:
    assert load(None, {"SMSDESK_ENABLE_CSRF_PROTECTION": text}).api.enable_csrf_protection is value


def test_a_list_in_the_environment_is_separated_by_commas() -> None:
    origins = load(None, {"SMSDESK_ALLOWED_ORIGINS": "https://a.example, http://b.example:81"}).api
    assert origins.allowed_origins == ("https://a.example", "http://b.example:81")


def test_variables_of_others_are_left_alone() -> None:
    assert load(None, {"PORT": "x", "OTHER_SMSDESK_PORT": "x"}) == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[server]\nport = 99999",
            "smsdesk.toml:2: port = 99999 is not allowed: a whole number from 0 to 65535",
        ),
        (
            '\n[server]\nport = "80"',
            'smsdesk.toml:3: port = "80" is not allowed: a whole number from 0 to 65535',
        ),
        (
            "[server]\nport = true",
            "smsdesk.toml:2: port = true is not allowed: a whole number from 0 to 65535",
        ),
        ("[api]\nwebsocket = true", 'smsdesk.toml:2: "websocket" belongs under [bayeux], not under [api]'),
        (
            "[server]\nprot = 80",
            'smsdesk.toml:2: there is no setting "prot" under [server]; did you mean "port"?',
        ),
        ("[servr]\nport = 80", 'smsdesk.toml:1: there is no setting "servr"; did you mean "server"?'),
        ("zzz = 1", 'smsdesk.toml:1: there is no setting "zzz"'),
        ("server = 1", "smsdesk.toml:1: server is a heading: write [server]"),
        ("[bayeux]\nwebsocket = 1", "smsdesk.toml:2: websocket = 1 is not allowed: true or false"),
        (
            '[sessions]\nagent_no_answer_action = "log-out"',
            'smsdesk.toml:2: agent_no_answer_action = "log-out" is not allowed: '
            'one of "none", "notready", "logout"',
        ),
        (
            '[sessions]\ntime_zone = "Europe/Viena"',
            'smsdesk.toml:2: time_zone = "Europe/Viena" is not allowed: '
            "an offset such as +0000, or an IANA name such as Europe/Vienna",
        ),
        (
            '[api]\nallowed_origins = [\n  "https://a.example/x",\n]',
            'smsdesk.toml:2: allowed_origins = ["https://a.example/x"] is not allowed: '
            "a list of up to 100, each an origin such as https://desk.example.com",
        ),
        (
            '[server]\nhost = "a\\u0000b"',
            'smsdesk.toml:2: host = "a\\u0000b" is not allowed: a text of 1 to 253 characters',
        ),
        ("port = 1\n[server]\nport = 2", "smsdesk.toml:3: port is set twice, first at {file}:1"),
        (
            '[api]\nenable_csrf_protection = false\ncookie_same_site = "None"',
            'smsdesk.toml:2: enable_csrf_protection cannot be off with cookie_same_site = "None"',
        ),
        ("port = 1\nport =", "smsdesk.toml:2: not TOML: Invalid value"),
        ("x = " + "[" * 5000, "smsdesk.toml: brackets are nested too deep"),
        (
            '[[carrier]]\nkind = "smpp"\nname = "acme"\nhost = "h"\nsystem_id = "деск"',
            'smsdesk.toml:5: system_id = "деск" is not allowed: 1 to 15 printable ASCII characters',
        ),
    ],
)
def test_a_mistake_names_line_value_and_what_is_allowed(file: Path, text: str, said: str) -> None:
    assert mistakes(file, text) == [said.format(file=file)]


def test_every_mistake_is_listed_in_the_order_of_the_lines(file: Path) -> None:
    text = '[[carrier]]\nkind = "fax"\nname = "x"\n[api]\nbody_limit = 1\n[server]\nport = -1\nhots = ""\n'
    said = mistakes(file, text, {"SMSDESK_PORT": "many", "SMSDESK_PRT": "1"})
    assert [line.split(": ")[0] for line in said] == [
        "smsdesk.toml:2",
        "smsdesk.toml:5",
        "smsdesk.toml:7",
        "smsdesk.toml:8",
        "SMSDESK_PORT",
        "SMSDESK_PRT",
    ]
    assert said[-1] == 'SMSDESK_PRT: there is no such setting; did you mean "SMSDESK_PORT"?'


def test_a_file_that_is_not_there_not_text_or_too_large(file: Path) -> None:
    with pytest.raises(SettingsError, match=r"smsdesk\.toml: cannot be read: No such file"):
        load(file, {})
    file.write_bytes(b"port = 1\nhost = '\xff'\n")
    with pytest.raises(SettingsError, match=r"smsdesk\.toml:2: not UTF-8"):
        load(file, {})
    file.write_bytes(b"#" * 1_048_577)
    with pytest.raises(SettingsError, match="larger than 1048576 bytes"):
        load(file, {})


def test_a_lower_case_variable_is_a_mistake() -> None:
    with pytest.raises(SettingsError, match='did you mean "SMSDESK_PORT"'):
        load(None, {"SMSDESK_port": "80"})


def test_a_bad_option_of_the_command_line_is_called_by_its_name() -> None:
    with pytest.raises(SettingsError, match=r'^--log-level: "loud" is not allowed: one of'):
        load(None, {}, {"log_level": "loud"})


def test_a_cross_site_cookie_switches_csrf_on(file: Path) -> None:
    assert loaded(file, '[api]\ncookie_same_site = "None"').api.csrf is True
    assert loaded(file, '[api]\ncookie_same_site = "Strict"').api.csrf is False


def test_carriers_and_numbers(file: Path) -> None:
    numbers = '[[service_number]]\nnumber = "+15550100"\nqueue = "Support"\ncarrier = "acme"\n'
    settings = loaded(file, f'{SMPP}window = 3\n{numbers}[[carrier]]\nname = "phone"\nkind = "simulator"\n')
    assert settings.carrier == (
        SmppSettings(name="acme", host="smsc.example", system_id="desk", window=3),
        SimulatorSettings(name="phone"),
    )
    assert [(n.number, n.queue, n.carrier) for n in settings.service_number] == [
        ("+15550100", "Support", "acme")
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            SMPP + "windw = 1",
            'smsdesk.toml:7: there is no setting "windw" under [[carrier]]; did you mean "window"?',
        ),
        (SMPP + "window = 0", "smsdesk.toml:7: window = 0 is not allowed: a whole number from 1 to 1000"),
        (SMPP + SMPP, 'smsdesk.toml:9: "acme" is there twice, first in line 3'),
        (
            SMPP + "reconnect_min_seconds = 90",
            "smsdesk.toml:7: reconnect_min_seconds is larger than reconnect_max_seconds",
        ),
        ('[carrier]\nname = "a"', "smsdesk.toml:1: carrier is a list of tables: write [[carrier]]"),
        ('[[carrier]]\nname = "a"', 'smsdesk.toml:1: a [[carrier]] needs a kind: one of "simulator", "smpp"'),
        (
            '[[carrier]]\nname = "a"\nkind = "smmp"',
            'smsdesk.toml:3: kind = "smmp" is not allowed: one of "simulator", "smpp"; did you mean "smpp"?',
        ),
        (
            '[[carrier]]\nkind = "simulator"',
            "smsdesk.toml:1: this [[carrier]] needs name: "
            "1 to 63 letters, digits, '-', '_' or '.', the first a letter or digit",
        ),
        (
            SMPP + '[[service_number]]\nnumber = "+15550100"\nqueue = "Q"\ncarrier = "acne"',
            'smsdesk.toml:10: there is no [[carrier]] with the name "acne"; did you mean "acme"?',
        ),
    ],
)
def test_mistakes_in_carriers_and_numbers(file: Path, text: str, said: str) -> None:
    assert mistakes(file, text) == [said]


def test_a_number_twice_is_a_mistake(file: Path) -> None:
    number = '[[service_number]]\nnumber = "85858"\nqueue = "Q"\ncarrier = "acme"\n'
    assert mistakes(file, SMPP + number * 2) == ['smsdesk.toml:12: "85858" is there twice, first in line 8']


def test_the_password_of_a_carrier_comes_from_its_file(file: Path) -> None:
    (file.parent / "acme.password").write_text("hunter2\nnot this\n")
    (carrier,) = loaded(file, SMPP + 'password_file = "acme.password"').carrier
    assert isinstance(carrier, SmppSettings)
    assert carrier.password.reveal() == "hunter2"


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        (None, "", "password_file cannot be read: No such file or directory"),
        (b"far too long\n", "", "the first line of password_file is not allowed: at most 8 printable ASCII"),
        (b"\xff\n", "", "the first line of password_file is not allowed: at most 8 printable ASCII"),
        (b"hunter2\n", '\npassword = "x"', "password and password_file are both set: one is enough"),
    ],
)
def test_a_password_file_that_does_not_do(file: Path, content: bytes | None, more: str, said: str) -> None:
    if content is not None:
        (file.parent / "p").write_bytes(content)
    (line,) = mistakes(file, f'{SMPP}password_file = "p"{more}')
    assert line.startswith(f"smsdesk.toml:7: {said}")
    assert "far too long" not in line


def test_no_secret_is_ever_shown(file: Path) -> None:
    file.write_text(SMPP + 'password = "hunter2"\n[store]\nstore_url = "postgresql://u:hunter2@db/x"\n')
    settings = load(file, {})
    assert settings.store.store_url.reveal() == "postgresql://u:hunter2@db/x"
    assert settings.store.on_postgres
    _, lines = explain(file, {})
    assert "hunter2" not in repr(settings) + str(settings) + "\n".join(lines)
    file.write_text(SMPP + 'password = "hunter2hunter2"\n[store]\nstore_url = "mysql://u:hunter2@db/x"\n')
    ok, lines = explain(file, {"SMSDESK_STORE_URL": "oracle://u:hunter2@db"})
    assert not ok
    assert len(lines) == 4
    assert "hunter2" not in "\n".join(lines)


def test_explain_says_what_is_set_and_where(file: Path) -> None:
    file.write_text("[server]\nport = 9000\n" + SMPP)
    ok, lines = explain(file, {"SMSDESK_CAPACITY": "4"})
    assert ok
    assert lines[:3] == [f"port = 9000  ({file}:2)", "capacity = 4  (SMSDESK_CAPACITY)", 'carrier "acme"']
    assert lines[-1] == "the settings are in order"


def test_explain_counts_the_mistakes(file: Path) -> None:
    file.write_text("port = 0.5")
    assert explain(file, {}) == (
        False,
        [f"{file}:1: port = 0.5 is not allowed: a whole number from 0 to 65535", "1 mistake"],
    )
