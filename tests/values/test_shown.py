"""What people keep to themselves stands on the page where they do it, in the words of their own council."""

from __future__ import annotations

import datetime

import pytest
from django.conf import settings
from django.template import Context, Template

from tests.factories import ConferenceFactory, procedures_with

pytestmark = pytest.mark.django_db
# The page of each value, and another value's words; where ``mark.value`` stands beside a page, the page is asked for.
SHOWN = {
    "social-work-report-goes-to": ("reports/check_report.html", "those due it"),
    "decisions-form": ("reports/prepare.html", "a letter of one page"),
    "minutes-form": ("reports/prepare.html", "a bundle of plan and reports"),
    "decisions-sent-by": ("reports/record_copy.html", "by recorded post"),
    "minutes-comments-wanted": ("reports/comment_on_minutes.html", "at once"),
    "dissent-wanted": ("reports/lodge_dissent.html", "at once"),
}


@pytest.mark.value("social-work-report-goes-to", "decisions-form", "minutes-form")
@pytest.mark.value("decisions-sent-by", "minutes-comments-wanted", "dissent-wanted")
@pytest.mark.parametrize("key", SHOWN)
def test_the_page_says_what_this_council_asks(key):
    page, words = SHOWN[key]
    conference = ConferenceFactory()
    version = procedures_with(conference.authority, since=datetime.date(2026, 1, 1), values={key: words})
    # The version counts under which the conference is held.
    before = _said(page, key, conference)
    conference.policy_version_id = version.pk
    assert words not in before
    assert words in _said(page, key, conference)


def _said(page, key, conference):
    """Return what the page's own tag for the value says."""
    source = (settings.BASE_DIR / "templates" / page).read_text()
    tag = f'{{% procedure conference "{key}" %}}'
    assert tag in source
    return Template(tag).render(Context({"conference": conference}))
