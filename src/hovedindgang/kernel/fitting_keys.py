"""Whether the keys open what is stored: what a web process asks before it begins, and `hovedindgang keys check`."""

from __future__ import annotations

from pathlib import Path

from hovedindgang.servicemodel.language import words_of

_ = words_of(Path(__file__).parent)


def misfits() -> list[str]:
    """What is wrong with the keys, in words with what to do; none when they open what is stored."""
    from hovedindgang.kernel.encryption import forget_proofs, proven_ring  # after Django is ready
    from hovedindgang.kernel.keyring import BadKeys, KeysDoNotFit

    forget_proofs()
    try:
        proven_ring()
    except KeysDoNotFit as error:
        return [_said_of(error)]
    except BadKeys as error:
        return [_("Nøglerne i {where} kan ikke læses. Skriv 64 hexadecimale cifre, eller 2:…,1:…").format(where=error)]
    return []


def _said_of(error: Exception) -> str:
    """A KeysDoNotFit in words."""
    number, missing = getattr(error, "number", 0), getattr(error, "missing", False)
    if number == 0:
        which = _("Indeksnøglen er en anden end den, borgerne findes med.")
    elif missing:
        which = _("Nøgle {n} mangler, og noget gemt er låst med den.").format(n=number)
    else:
        which = _("Nøgle {n} er en anden end den, det gemte er låst med.").format(n=number)
    cure = _(
        "Intet læses eller skrives med den. Læg de rigtige nøgler tilbage fra kopien, i HOME/keys eller miljøet, "
        "og kør: hovedindgang keys check"
    )
    return f"{which} {cure}"
