from __future__ import annotations

from types import SimpleNamespace

import pytest
import time_machine

from conferences.enums import ConferenceStatus
from tests.reports.last_report import tell_last
from tests.reports.story import BEFORE, NOW, tell
from tests.stories import once_per_module


@once_per_module()
def story() -> SimpleNamespace:
    """The conference about Robin, Wren and the baby, closed."""
    return tell()


@once_per_module()
def ahead() -> SimpleNamespace:
    """The same conference while reports are written: booked, with everyone invited."""
    made = tell(closed=False, held=False)
    assert made.conference.status == ConferenceStatus.SCHEDULED
    return made


@once_per_module()
def told(ahead: SimpleNamespace) -> SimpleNamespace:
    """The same with what three agencies wrote for the conference before."""
    return tell_last(ahead)


@pytest.fixture
def before():
    """Wednesday 16 December 2026, four working days before the conference."""
    with time_machine.travel(BEFORE, tick=False):
        yield BEFORE


@pytest.fixture
def after():
    """The afternoon after the conference."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def kept_files(settings, tmp_path):
    """Store the files a test uploads in a folder of its own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "attachments": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {**settings.STORAGES["attachments"]["OPTIONS"], "location": tmp_path / "attachments"},
        },
    }
    return tmp_path / "attachments"
