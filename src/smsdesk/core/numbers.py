"""Phone numbers as parties: E.164 with '+' where it can be, any other sender id as it is, never refused (SPEC
2.2). Knows nothing of who owns a number; how countries write theirs is asked of `phonenumbers`.
"""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

INTERNATIONAL, NATIONAL = 1, 2  # SMPP types of number
LONGEST = 40  # characters of anything that may be a phone number, with all its punctuation
SHORTEST = 7  # digits; what is shorter is a short code
_WRITTEN = re.compile(r"[+0-9()./\-\u2010-\u2013]+")
_PUNCTUATION = re.compile(r"[()./\-\u2010-\u2013]")


def canonical(number: str, type_of_number: int = 0, region: str = "") -> str:
    """The one spelling of a party. Blanks are never part of it; a sender id that is no number stays as it
    is, but for NUL characters, which no store takes (SPEC 8.7).

    `type_of_number`: as SMPP tells it, 0 for unknown. `region`: the country (two letters) of numbers that
    name none; without it ten digits and more are taken for an international number without its '+'. What
    begins with '+' and has only digits is canonical already, so that a number once kept stays the same.
    """
    if number[:1] == "+" and number[1:].isdigit() and number.isascii():
        return number
    return _spelled("".join(number.replace("\0", "\ufffd").split()), type_of_number, region, number)


def is_region(name: str) -> bool:
    """Whether a country is known whose numbers could be meant: two capital letters, as in ISO 3166."""
    return name in phonenumbers.SUPPORTED_REGIONS


def _spelled(compact: str, type_of_number: int, region: str, written: str) -> str:
    if len(compact) <= LONGEST and _WRITTEN.fullmatch(compact) and any(c.isdigit() for c in compact):
        grouped = compact != written
        return _found(compact, grouped, type_of_number, region)
    return compact or "unknown"


@lru_cache(maxsize=4096)
def _found(written: str, grouped: bool, type_of_number: int, region: str) -> str:
    """A number that is written with digits and punctuation only."""
    digits = _PUNCTUATION.sub("", written)
    if digits.startswith(("+", "00")):
        bare = digits.removeprefix("+").removeprefix("00")
        if not bare.isdigit():
            return written
        # A person who groups a number may write the zero that is dialled only inside the country.
        parsed = _parse("+" + bare) if grouped or digits != written else None
        return _e164(parsed) if parsed else "+" + bare
    if not digits.isdigit():
        return written
    if type_of_number == INTERNATIONAL:
        return "+" + digits
    if region and type_of_number in (0, NATIONAL):
        at_home = _at_home(digits, type_of_number, region)
        if at_home is not None:
            return at_home
    return "+" + digits if len(digits) >= 10 else digits


def _at_home(digits: str, type_of_number: int, region: str) -> str | None:
    """Digits without a country as people and carriers of a region mean them; None when they tell nothing.

    Where numbers are dialled with a leading zero inside the country, digits without it are rather a whole
    international number that lost its '+', as carriers hand them on.
    """
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    country = str(phonenumbers.country_code_for_region(region))
    trunk = metadata.national_prefix if metadata else None
    trunk = trunk if trunk != country else None  # in North America the two are one
    inside = _parse(digits, region)
    if type_of_number == NATIONAL or (trunk and digits.startswith(trunk)):
        return _e164(inside) if inside and phonenumbers.is_possible_number(inside) else None
    if trunk and (abroad := _parse("+" + digits)) and phonenumbers.is_valid_number(abroad):
        return "+" + digits
    if len(digits) >= SHORTEST and inside and phonenumbers.is_valid_number(inside):
        return _e164(inside)
    return None


def _parse(number: str, region: str | None = None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except NumberParseException:
        return None


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
