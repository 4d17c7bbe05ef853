"""The phone inventory of training and the time step of phone labels."""

from __future__ import annotations

PHONES = tuple(
    "SIL AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH".split()
)
"""ARPAbet without stress, silence first: the classes of the phone head."""
NO_PHONE = -1
"""The label of a step whose phone is unknown; the phone loss ignores it."""
PHONE_STEP_MS = 10
