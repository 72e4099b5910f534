from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.reports.story import tell


@pytest.fixture
def story(db: None) -> SimpleNamespace:
    """The conference about Robin, Wren and the baby, closed."""
    return tell()
