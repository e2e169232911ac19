"""The matching rules of the conformance vectors: placeholders, exactness, order (see the README here)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

Env = dict[str, Any]
SMS = "/v2/me/smssessions"
_FORMS = {
    "id": r"[0-9A-Za-z]{16}",
    "participant": r"[0-9A-F]{16}",
    "base": r"https?://[^\s]+/api/v2",
    "timestamp": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}[+-]\d{4}",
    "user": r"[0-9A-Fa-f]{32}",
    "queue": r"[0-9A-Za-z-]+",
}
_NUMBERS = {"millis", "ref", "index"}
_TOKEN = re.compile(
    r"\$(?P<name>(?P<kind>user|queue):[A-Za-z0-9]+"
    r"|(?P<plain>base|any|absent|id|timestamp|millis|ref|index|participant)(?P<tail>\d*))(?![A-Za-z_0-9])"
)


def _spell_out(text: str) -> str:
    text = re.sub(r"\$uri(\d*)(?![A-Za-z_0-9])", r"$base/smssessions/$id\1", text)
    return re.sub(r"\$path(\d*)(?![A-Za-z_0-9])", r"/smssessions/$id\1", text)


def fill(value: Any, env: Env) -> Any:
    """A request value with every bound placeholder replaced."""
    if isinstance(value, dict):
        if set(value) == {"$repeat"}:
            return value["$repeat"][0] * value["$repeat"][1]
        return {k: fill(v, env) for k, v in value.items()}
    if isinstance(value, list):
        return [fill(v, env) for v in value]
    if isinstance(value, str):
        value = _spell_out(value)
        whole = _TOKEN.fullmatch(value)
        if whole:
            return env[whole["name"]]
        return _TOKEN.sub(lambda m: str(env[m["name"]]), value)
    return value


def match(expected: Any, actual: Any, env: Env, where: str = "$") -> list[str]:
    """Differences between an expectation and a document; binds placeholders in `env`. Empty: it conforms."""
    if isinstance(expected, dict):
        if set(expected) == {"$repeat"}:
            return [] if fill(expected, env) == actual else [f"{where}: text differs"]
        if "$contains" in expected:
            return _match_contains(expected, actual, env, where)
        return _match_object(expected, actual, env, where)
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return [f"{where}: {actual!r} instead of {len(expected)} elements"]
        return [
            e
            for i, (x, y) in enumerate(zip(expected, actual, strict=True))
            for e in match(x, y, env, f"{where}[{i}]")
        ]
    if isinstance(expected, str):
        return _match_text(expected, actual, env, where)
    same = expected == actual and isinstance(expected, bool) == isinstance(actual, bool)
    return [] if same else [f"{where}: {actual!r} instead of {expected!r}"]


def _match_text(expected: str, actual: Any, env: Env, where: str) -> list[str]:
    if expected == "$any":
        return []
    whole = _TOKEN.fullmatch(expected)
    if whole and whole["plain"] in _NUMBERS:
        return _match_number(whole, actual, env, where)
    if not isinstance(actual, str):
        return [f"{where}: {actual!r} instead of {expected}"]
    text, pattern, names, last = _spell_out(expected), "", [], 0
    for m in _TOKEN.finditer(text):
        pattern += re.escape(text[last : m.start()])
        last = m.end()
        name = m["name"]
        if name == "any":
            pattern += ".*"
        elif name in env:
            pattern += re.escape(str(env[name]))
        else:
            pattern += "(" + _FORMS[m["kind"] or m["plain"]] + ")"
            names.append("" if name == "timestamp" else name)
    found = re.fullmatch(pattern + re.escape(text[last:]), actual, re.S)
    if not found:
        return [f"{where}: {actual!r} instead of {expected}"]
    bad = [n for n, v in zip(names, found.groups(), strict=True) if n and not _bind(env, n, v)]
    return [f"{where}: clashes with another value of ${name}" for name in bad]


def _match_number(token: re.Match[str], actual: Any, env: Env, where: str) -> list[str]:
    if isinstance(actual, bool) or not isinstance(actual, int):
        return [f"{where}: {actual!r} is not an integer"]
    if token["plain"] == "index" and actual < 1:
        return [f"{where}: index {actual}"]
    if token["name"] == "millis":
        return []
    return [] if _bind(env, token["name"], actual) else [f"{where}: {actual!r} differs from ${token['name']}"]


def _bind(env: Env, name: str, value: Any) -> bool:
    if name in env:
        return bool(env[name] == value)
    kind = name.rstrip("0123456789")
    if kind in ("id", "participant"):
        taken = (v for k, v in env.items() if k.rstrip("0123456789") == kind)
        if value in taken:
            return False
    env[name] = value
    return True


def _match_object(expected: dict[str, Any], actual: Any, env: Env, where: str) -> list[str]:
    if not isinstance(actual, dict):
        return [f"{where}: {actual!r} is not an object"]
    errors = []
    for key, value in expected.items():
        if key == "$exact":
            continue
        if value == "$absent":
            errors += [f"{where}.{key}: must not be there"] if key in actual else []
        elif key not in actual:
            errors.append(f"{where}.{key}: missing")
        else:
            errors += match(value, actual[key], env, f"{where}.{key}")
    if expected.get("$exact") is True:
        errors += [f"{where}.{k}: not expected" for k in actual if k not in expected]
    stamp = expected.get("timestampSeconds")
    stamped = not errors and isinstance(stamp, str) and stamp.startswith("$millis")
    if stamped and _millis(actual["timestamp"]) != actual["timestampSeconds"]:
        errors.append(f"{where}: timestampSeconds is not the timestamp")
    return errors


def _millis(stamp: str) -> int:
    when = datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S.%f%z")
    return round((when - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))


def _match_contains(expected: dict[str, Any], actual: Any, env: Env, where: str) -> list[str]:
    if not isinstance(actual, list):
        return [f"{where}: {actual!r} is not an array"]
    if "$size" in expected and len(actual) != expected["$size"]:
        return [f"{where}: {len(actual)} elements instead of {expected['$size']}"]
    found = next(_places(expected["$contains"], actual, env, ordered=False), None)
    if found is None:
        return [f"{where}: {expected['$contains']!r} not found in {actual!r}"]
    env.update(found)
    return []


def _places(wanted: list[Any], actual: list[Any], env: Env, ordered: bool, first: int = 0) -> Iterator[Env]:
    """Every way to find the wanted elements, as the bindings it gives."""
    if not wanted:
        yield env
        return
    for i in range(first, len(actual)):
        trial = dict(env)
        if not match(wanted[0], actual[i], trial):
            rest = actual if ordered else actual[:i] + actual[i + 1 :]
            yield from _places(wanted[1:], rest, trial, ordered, i + 1 if ordered else 0)


def match_notifications(expected: Any, actual: list[dict[str, Any]], env: Env, where: str) -> list[str]:
    """What one user received, as [{channel, data}, ...], against what he was to receive."""
    loose = isinstance(expected, dict)
    listed: list[Any] = expected["$contains"] if loose else expected
    errors = []
    for channel in sorted({SMS} | {n["channel"] for n in listed}):
        wanted = [n for n in listed if n["channel"] == channel]
        updates = any(n["data"].get("notificationType") == "MessageUpdated" for n in wanted)
        got = [
            n
            for n in actual
            if n["channel"] == channel and (updates or n["data"].get("notificationType") != "MessageUpdated")
        ]
        if not loose and channel == SMS:
            errors += match(wanted, got, env, f"{where} {channel}")
            continue
        found = next(_places(wanted, got, env, ordered=True), None)
        if found is None:
            errors.append(f"{where} {channel}: {wanted!r} is not what came: {got!r}")
        else:
            env.update(found)
    return errors
