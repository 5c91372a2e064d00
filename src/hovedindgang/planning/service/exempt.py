"""Who cannot follow to a digital channel: those exempt from digital mail, by age.

The law on exemption from obligatory self-service (L 98 2022-23) lets them keep their way in, so a move to a digital
channel is a move of the others. Who writes digitally already can follow.
"""

from __future__ import annotations

from collections.abc import Mapping

from hovedindgang.planning.language import gettext_noop
from hovedindgang.servicemodel.document import Channel

SELF_SERVICE = "self_service"
DIGITAL = frozenset({SELF_SERVICE, Channel.DIGITAL.value})

# Of those of 15 and over: exempt from Digital Post. The whole is published (Digitaliseringsstyrelsen, April 2025: about
# 256,000 residents, 5.0 %, most of them the oldest); how it is spread over ages is assumed, and adds up to 5.1 %.
AGES = ("15-64", "65-74", "75-84", "85+")
AGE_SHARES = (0.75, 0.125, 0.095, 0.03)
EXEMPT = (0.015, 0.06, 0.18, 0.50)
EXEMPT_SOURCE = gettext_noop("Digitaliseringsstyrelsen, april 2025: 5,0 % i alt; fordelingen på alder er antaget")


def exempt_share(channel: str) -> float:
    """Of those who come by `channel`, the share 0..1 that cannot follow to a digital one."""
    if channel in DIGITAL:
        return 0.0
    return sum(age * out for age, out in zip(AGE_SHARES, EXEMPT, strict=True)) / sum(AGE_SHARES)


def by_age(contacts: float) -> Mapping[str, float]:
    """Contacts of those who cannot follow, by age."""
    of = [age * out for age, out in zip(AGE_SHARES, EXEMPT, strict=True)]
    return {age: contacts * part / sum(of) for age, part in zip(AGES, of, strict=True)} if contacts else {}
