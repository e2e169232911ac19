"""Phone numbers as parties: E.164 with '+' where it can be, any sender id otherwise, never refused (SPEC
2.2).
"""

INTERNATIONAL = 1  # SMPP type of number


def canonical(number: str, type_of_number: int = 0) -> str:
    """The one spelling of a party. Blanks are never part of it; a sender id that is no number stays as it
    is, but for NUL characters, which no store takes (SPEC 8.7).
    """
    compact = "".join(number.replace("\0", "\ufffd").split())
    digits = compact.removeprefix("+").removeprefix("00") if compact.startswith(("+", "00")) else compact
    if not digits.isascii() or not digits.isdigit():
        return compact or "unknown"
    if compact != digits or type_of_number == INTERNATIONAL or len(digits) >= 10:
        return "+" + digits
    return digits
