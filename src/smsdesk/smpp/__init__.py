"""SMPP 3.4 and the text of short messages: bytes and times in, events and bytes out.

Knows neither sockets nor clocks nor the contact centre. The pages cited are those of "SMPP Protocol
Specification v3.4, issue 1.2" (SMPP), 3GPP TS 23.038 (alphabets) and 3GPP TS 23.040 (user data header).
"""
