"""When two addresses are one mailbox, and what of an address a stranger may see."""

from __future__ import annotations

import unicodedata

SHOWN = 4
# Here dots in the name lead to the same mailbox.
WITHOUT_DOTS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def normalized(address: str) -> str:
    """An address as it is kept with a link: without blanks around it, in small letters."""
    return address.strip().lower()


def mailbox_of(address: str) -> str:
    """The mailbox that an address leads to: "Jo+school@x" and "jo@x" are read by the same person."""
    name, _, domain = unicodedata.normalize("NFKC", address).strip().lower().rpartition("@")
    name = name.partition("+")[0]
    if domain in WITHOUT_DOTS:
        return f"{name.replace('.', '')}@{WITHOUT_DOTS[domain]}"
    return f"{name}@{domain}"


def ending_of(address: str) -> str:
    """The last letters of an address: enough for its owner to know it again, too few for anybody else."""
    return address[-SHOWN:]
