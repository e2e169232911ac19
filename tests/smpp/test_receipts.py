"""Delivery receipts: SMPP 5.2.12, 5.2.28, Appendix B; SPEC 6.3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.smpp import pdu as p
from smsdesk.smpp.receipts import IdForm, Receipt, is_receipt, normal_id, parse

STANDARD = (
    "id:0123456789 sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:DELIVRD err:000 "
    "text:Hello there"
)


def receipt(text: str, *tlvs: tuple[int, bytes]) -> p.DeliverSm:
    return p.DeliverSm(esm_class=p.TYPE_RECEIPT, short_message=text.encode("latin-1"), tlvs=tlvs)


def test_the_form_of_appendix_b() -> None:
    assert parse(receipt(STANDARD)) == Receipt("0123456789", "Delivered", "DELIVRD", None, "Hello there")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id:1a2F stat:UNDELIV err:0Aa", Receipt("1a2F", "Failed", "UNDELIV", "0Aa")),
        ("ID: 7 SUB: 001 STAT: EXPIRED ERR: 012", Receipt("7", "Expired", "EXPIRED", "012")),
        ("stat:REJECTD err:0004 id:7", Receipt("7", "Failed", "REJECTD", "0004")),
        ("id:7,stat:ACCEPTD;err:0", Receipt("7", "Sent", "ACCEPTD")),
        ("id:7 stat:ENROUTE", Receipt("7", "Sent", "ENROUTE")),
        ("id:7 stat:DELETED err:", Receipt("7", "Failed", "DELETED")),
        ("id:7 stat:UNKNOWN", Receipt("7", "Unknown", "UNKNOWN")),
        ("id:7 stat:NEWWORD", Receipt("7", "Unknown", "NEWWORD")),
        ("id:7 stat:DELIVERED err:000\0", Receipt("7", "Delivered", "DELIVERED")),
        ("id:7 stat:Undeliverable", Receipt("7", "Failed", "UNDELIVERABLE")),
        ("id:7 stat:FAILED", Receipt("7", "Failed", "FAILED")),
        ("id:7 submit_date:26 done_date:26 stat:DELIVRD", Receipt("7", "Delivered", "DELIVRD")),
        (
            "id:0f3c9a52-7a1e-4c9b-a1a5-1f6f0e2f6a11 sub:1 dlvrd:1 stat:DELIVRD err:0000 Text:",
            Receipt("0f3c9a52-7a1e-4c9b-a1a5-1f6f0e2f6a11", "Delivered", "DELIVRD"),
        ),
        (
            "id:7 stat:DELIVRD text:id:9 stat:REJECTD",
            Receipt("7", "Delivered", "DELIVRD", None, "id:9 stat:REJECTD"),
        ),
        ("id:7 id:9 stat:DELIVRD", Receipt("7", "Delivered", "DELIVRD")),
        ("xid:9 id:7 stat:DELIVRD", Receipt("7", "Delivered", "DELIVRD")),
    ],
)
def test_forms_that_carriers_write(text: str, expected: Receipt) -> None:
    assert parse(receipt(text)) == expected


@pytest.mark.parametrize(
    "text", ["", "hello", "id:7", "stat:DELIVRD", "id: stat:DELIVRD", "id:7 stat: err:000"]
)
def test_a_receipt_without_id_or_state_is_none(text: str) -> None:
    assert parse(receipt(text)) is None


@pytest.mark.parametrize(
    ("number", "delivery"),
    [
        (1, "Sent"), (2, "Delivered"), (3, "Expired"), (4, "Failed"),
        (5, "Failed"), (6, "Sent"), (7, "Unknown"), (8, "Failed"),
    ],
)  # fmt: skip
def test_message_state_counts_before_the_text(number: int, delivery: str) -> None:
    """SMPP 5.2.28 and 5.3.2.35."""
    found = parse(receipt("id:9 stat:SOMETHING", (0x001E, b"7f\0"), (0x0427, bytes([number]))))
    assert found is not None
    assert (found.id, found.delivery) == ("7f", delivery)


def test_everything_in_parameters() -> None:
    """SMPP 5.3.2.12, 5.3.2.31, 5.3.2.35: no text at all."""
    message = receipt("", (0x001E, b"7f\0"), (0x0427, b"\x05"), (0x0423, b"\x03\x00\x21"))
    assert parse(message) == Receipt("7f", "Failed", "UNDELIV", "33")


@pytest.mark.parametrize("value", [b"", b"\x03\x00\x00", b"\x03\x00"])
def test_no_error_of_the_network(value: bytes) -> None:
    found = parse(receipt("id:7 stat:DELIVRD", (0x0423, value)))
    assert found is not None
    assert found.error is None


@pytest.mark.parametrize("value", [b"", b"\x63"])
def test_a_state_that_is_none_leaves_it_to_the_text(value: bytes) -> None:
    found = parse(receipt("id:7 stat:EXPIRED", (0x0427, value)))
    assert found is not None
    assert found.delivery == "Expired"


def test_receipt_in_the_payload() -> None:
    message = p.DeliverSm(esm_class=4, tlvs=((p.MESSAGE_PAYLOAD, STANDARD.encode()),))
    found = parse(message)
    assert found is not None
    assert found.id == "0123456789"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (p.DeliverSm(esm_class=0x04), True),
        (p.DeliverSm(esm_class=0x20), True),
        (p.DeliverSm(esm_class=0x44), True),
        (p.DeliverSm(tlvs=((0x001E, b"7\0"),)), True),
        (p.DeliverSm(esm_class=0x40), False),
        (p.DeliverSm(esm_class=0x08), False),
        (p.DeliverSm(short_message=STANDARD.encode()), False),
    ],
)
def test_what_makes_a_receipt(message: p.DeliverSm, expected: bool) -> None:
    """SMPP 5.2.12; a text that reads like a receipt is a text."""
    assert is_receipt(message) is expected


@pytest.mark.parametrize(
    ("written", "form", "normal"),
    [
        ("1A2b", "hex", "6699"),
        ("0001A2B", "hex", "6699"),
        ("6699", "decimal", "6699"),
        ("0000006699", "decimal", "6699"),
        ("0006699", "text", "0006699"),
        (" 6699 ", "text", "6699"),
        ("0f3c-7a", "hex", "0f3c-7a"),
        ("1A2B", "decimal", "1A2B"),
        ("0", "decimal", "0"),
        ("", "hex", ""),
    ],
)
def test_one_spelling_for_ids(written: str, form: IdForm, normal: str) -> None:
    """SPEC 6.3: submit_sm_resp in one base, the receipt in another."""
    assert normal_id(written, form) == normal


@given(st.text(st.characters(max_codepoint=255), max_size=200), st.binary(max_size=5))
def test_any_receipt(text: str, value: bytes) -> None:
    tlvs = ((0x001E, value), (0x0427, value), (0x0423, value))
    for found in (parse(receipt(text[:254])), parse(receipt(text[:254], *tlvs))):
        assert found is None or (found.id and found.word)
