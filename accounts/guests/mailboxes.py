"""When two addresses are the same mailbox, and how much of an address to show."""

from __future__ import annotations

import unicodedata

SHOWN = 4
# Domains where dots in the local part lead to the same mailbox.
WITHOUT_DOTS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def normalized(address: str) -> str:
    """Return an address as stored with a link: stripped, lower case."""
    return address.strip().lower()


def mailbox_of(address: str) -> str:
    """Return the mailbox an address leads to: "Jo+school@x" and "jo@x" are read by the same person."""
    name, _, domain = unicodedata.normalize("NFKC", address).strip().lower().rpartition("@")
    name = name.partition("+")[0]
    if domain in WITHOUT_DOTS:
        return f"{name.replace('.', '')}@{WITHOUT_DOTS[domain]}"
    return f"{name}@{domain}"


def ending_of(address: str) -> str:
    """Return the last letters of an address: enough for its owner to recognise, too few for anyone else."""
    return address[-SHOWN:]
