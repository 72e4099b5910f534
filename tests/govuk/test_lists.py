from __future__ import annotations

import pytest
from django.template import engines
from django.test import RequestFactory

from accounts.models import User
from govuk.lists import paginate
from tests.factories import UserFactory


@pytest.mark.django_db
@pytest.mark.parametrize(("page", "words"), [("1", "1 to 2 of more than 22"), ("99", "25 to 25 of 25")])
def test_a_long_list_is_counted_ten_pages_ahead(page, words):
    UserFactory.create_batch(25)
    request = RequestFactory().get("/", {"page": page})
    users = User.objects.order_by("pk")
    shown = paginate(request, users, per_page=2, counts_all=False)
    drawn = engines["django"].from_string("{% pagination page %}").render({"page": shown}, request)
    assert words in drawn
