"""The tabs of a conference: views of the app that owns the data, under one heading."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tab:
    """``url_name`` is reversed with the conference's id."""

    key: str
    label: str
    url_name: str
    order: int


_tabs: dict[str, Tab] = {}


def register_tab(key: str, label: str, url_name: str, order: int) -> None:
    """Add a tab to every conference; called from ``AppConfig.ready``. Registering a key again replaces it."""
    _tabs[key] = Tab(key=key, label=label, url_name=url_name, order=order)


def registered_tabs() -> list[Tab]:
    """Return all tabs from left to right."""
    return sorted(_tabs.values(), key=lambda tab: (tab.order, tab.key))
