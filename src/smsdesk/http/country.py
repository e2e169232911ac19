"""What clients ask of the country they are in: code, calling code, name (C§5.4)."""

from functools import cache
from importlib.resources import files

import phonenumbers


@cache
def country(region: str) -> dict[str, str]:
    """The value of `general-settings`; empty without a country. `region`: two capital letters."""
    digits = phonenumbers.country_code_for_region(region)
    if not digits:
        return {}
    return {"countryCode": region, "countryDigits": str(digits), "countryName": _names().get(region, region)}


@cache
def _names() -> dict[str, str]:
    """Names of countries, as the database of time zones has them."""
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {code: name for code, name, *_ in pairs}
