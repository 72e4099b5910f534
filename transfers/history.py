"""Defines the history record of a transfer to another council."""

from __future__ import annotations

from accounts.history.registry import Part, Record, register_record
from transfers import models

TRANSFER_RECORD = Record(
    "transfer",
    models.TransferOut,
    (
        Part(models.TransferOut),
        Part(models.TransferredChild, ("transfer",)),
        Part(models.PaperHandedOver, ("transfer",)),
    ),
)


def register_history() -> None:
    """Register the record of a transfer; called once from ``connect``."""
    register_record(TRANSFER_RECORD)
