"""What a list of those who take part says about one of them."""

from __future__ import annotations

from django import template

from meetings.selectors.attendance import Attendee

register = template.Library()

register.filter("version_in", Attendee.version_in)
