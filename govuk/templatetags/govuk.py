"""Tags and filters available to every template without loading; docs/pages.md shows each."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import template
from django.forms.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from govuk import lists, words
from govuk.drafts import OWNER_FIELD, sign_owner
from govuk.errors import error_links
from govuk.layout import button_html

register = template.Library()
# 999 is dialled too.
SHORTEST = 3


# ---------------------------------------------------------------- words


@register.filter
def may_wrap(value: object) -> str:
    """Return words whose dates may wrap between their parts: in a narrow column they would break inside a word."""
    return str(value or "").replace(words.NO_BREAK, " ")


@register.filter
def uk_date(value: datetime.date | None) -> str:
    """Tuesday 5 January 2027."""
    return words.time_tag(value, words.long_date(value)) if value else words.or_not_recorded(None)


@register.filter
def uk_date_short(value: datetime.date | None) -> str:
    """Tue 5 Jan, with the year unless it is this year."""
    if not value:
        return words.or_not_recorded(None)
    return words.time_tag(value, words.short_date(value, today=timezone.localdate()))


@register.filter
def uk_date_plain(value: datetime.date | None) -> str:
    """5 January 2027, for dates of birth."""
    return words.time_tag(value, words.plain_date(value)) if value else words.or_not_recorded(None)


@register.filter
def uk_datetime(value: datetime.datetime | None) -> str:
    """Tuesday 5 January 2027, 14:05."""
    if not value:
        return words.or_not_recorded(None)
    return words.time_tag(value, f"{words.long_date(value)}, {words.clock(value)}")


@register.filter
def uk_datetime_short(value: datetime.datetime | None) -> str:
    """Tue 5 Jan, 14:05."""
    if not value:
        return words.or_not_recorded(None)
    return words.time_tag(
        value, f"{words.short_date(value, today=timezone.localdate())},{words.NO_BREAK}{words.clock(value)}"
    )


@register.filter
def uk_time(value: datetime.time | datetime.datetime | None) -> str:
    """14:05."""
    return words.or_not_recorded(None) if value is None or value == "" else words.clock(value)


@register.simple_tag
def distance(days: int | None) -> SafeString | str:
    """3 is "in 3 working days", 0 "today", -2 "2 working days late"; late is red and bold."""
    if days is None:
        return ""
    css = " cp-distance--late" if int(days) < 0 else ""
    return format_html('<span class="cp-distance{}">{}</span>', css, words.working_distance(int(days)))


@register.filter
def counted(number: int, forms: str) -> str:
    """{{ 3|counted:"child,children" }} is "3 children"."""
    one, _, many = forms.partition(",")
    return words.count(int(number), one, many)


@register.filter
def lasting(span: datetime.timedelta) -> str:
    """How long, in the largest unit: 12 minutes."""
    return words.lasting(span)


@register.filter
def listed(parts: Any) -> str:
    """Robin, Wren and the baby."""
    return words.listed([str(part) for part in parts])


@register.filter
def dial(number: str) -> SafeString | str:
    """Return a number to ring as a link that a phone dials; words that hold no number stay as they are."""
    digits = re.sub(r"[^\d+]", "", number)
    return (
        format_html('<a class="govuk-link" href="tel:{}">{}</a>', digits, number) if len(digits) >= SHORTEST else number
    )


@register.filter
def not_recorded(value: Any) -> Any:
    """The value, or "Not recorded"; True and False become Yes and No."""
    return words.or_not_recorded(value)


@register.simple_tag
def tag(text: str, colour: str = "grey") -> SafeString:
    """A state: grey not started, blue under way, green done, yellow due soon, red late, purple waiting."""
    if colour not in ("grey", "blue", "green", "yellow", "red", "purple"):
        raise template.TemplateSyntaxError(f"no tag is {colour}")
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, text)


# ---------------------------------------------------------------- forms


def _bound_things(context: template.Context) -> list[BaseForm | BaseFormSet]:
    found: list[BaseForm | BaseFormSet] = []
    for name, value in context.flatten().items():
        if name == "csrf_token":
            continue  # looking at it would set the cookie, also on pages without any form to send
        members = value if isinstance(value, list | tuple) else [value]
        for one in members:
            if isinstance(one, BaseForm | BaseFormSet) and one.is_bound and not any(one is other for other in found):
                found.append(one)
    inside = [form for thing in found if isinstance(thing, BaseFormSet) for form in thing.forms]
    return [thing for thing in found if not any(thing is form for form in inside)]


@register.simple_tag(takes_context=True)
def title_prefix(context: template.Context) -> str:
    """Put "Error: " before the title of a page whose form was refused."""
    return "Error: " if error_links(_bound_things(context)) else ""


@register.simple_tag(takes_context=True)
def error_summary(context: template.Context, *things: BaseForm | BaseFormSet) -> str:
    """Render the error summary of the given forms, or of every form of the page; each form once."""
    chosen = [thing for thing in things if thing] or _bound_things(context)
    fresh = [thing for thing in chosen if not getattr(thing, "summary_shown", False)]
    links = error_links(fresh)
    if links:
        for thing in fresh:
            thing.summary_shown = True  # type: ignore[union-attr]
    return render_to_string("gds/layout/error_summary.html", {"links": links}) if links else ""


def _draft_parts(context: template.Context, form: Any) -> dict[str, SafeString]:
    """Return attributes, hidden field and status line of a form that keeps drafts."""
    request: Any = context.get("request")
    user = getattr(request, "user", None)
    empty = SafeString("")
    parts = {"draft_attributes": empty, "draft_field": empty, "draft_line": empty}
    if not getattr(form, "keeps_draft", False) or user is None or not user.is_authenticated:
        return parts
    parts["draft_field"] = format_html(
        '<input type="hidden" name="{}" value="{}">', OWNER_FIELD, sign_owner(user.pk, request.get_full_path())
    )
    try:
        url = reverse("accounts:save-draft")
    except NoReverseMatch:
        return parts
    parts["draft_attributes"] = format_html(
        ' data-autosave-url="{}" data-autosave-path="{}"', url, request.get_full_path()
    )
    parts["draft_line"] = SafeString(render_to_string("gds/layout/draft_line.html"))
    return parts


@register.simple_tag(takes_context=True)
def draft_attributes(context: template.Context, form: Any) -> SafeString:
    """Inside a hand-written ``<form …>``: let the script save what is typed."""
    return _draft_parts(context, form)["draft_attributes"]


@register.simple_tag(takes_context=True)
def draft_fields(context: template.Context, form: Any) -> SafeString:
    """Inside a hand-written form: the hidden draft owner and the "Saved 14:02" line."""
    parts = _draft_parts(context, form)
    return mark_safe(parts["draft_field"] + parts["draft_line"])


@register.simple_tag
def button(text: str, **options: Any) -> SafeString:
    """A button: {% button "Save" %}, {% button "Withdraw it" look="warning" name="withdraw" %}, href="…" for a link."""
    return button_html(text, **options)


# ---------------------------------------------------------------- lists and frames


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """Return the page's own URL with other parameters: {% query_with sort="name" page=None %}."""
    return lists.query_with(context["request"].GET, **changes)


@register.simple_tag(takes_context=True)
def sort_header(context: template.Context, key: str, label: str, css: str = "") -> SafeString:
    """A column heading that sorts by ``key``; the view reads ``sort`` ("name", or "-name" for descending)."""
    chosen = context["request"].GET.get("sort", "")
    state = {"": "none", key: "ascending", f"-{key}": "descending"}.get(chosen, "none")
    target = lists.query_with(context["request"].GET, sort=f"-{key}" if chosen == key else key, page=None)
    return format_html(
        '<th scope="col" class="govuk-table__header cp-sort {}" aria-sort="{}"><a href="{}">{}</a></th>',
        css,
        state,
        target,
        label,
    )


@register.simple_tag(takes_context=True)
def pagination(context: template.Context, page: Any) -> SafeString:
    """Links to the other pages of a list, keeping filter and order."""
    query = context["request"].GET
    numbers = [
        None if not isinstance(number, int) else {"number": number, "url": lists.query_with(query, page=number)}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    links = {
        "page": page,
        "numbers": numbers,
        "previous": lists.query_with(query, page=page.previous_page_number()) if page.has_previous() else "",
        "next": lists.query_with(query, page=page.next_page_number()) if page.has_next() else "",
    }
    return SafeString(render_to_string("components/pagination.html", links))


@register.simple_tag
def breadcrumbs(*pairs: str) -> SafeString:
    """{% breadcrumbs "Conferences" url "R.B. and W.B." "" %}: name and address in turn."""
    steps = list(zip(pairs[::2], pairs[1::2], strict=True))
    parts = format_html_join(
        "",
        '<li class="govuk-breadcrumbs__list-item">{}</li>',
        (
            (format_html('<a class="govuk-breadcrumbs__link" href="{}">{}</a>', url, name) if url else name,)
            for name, url in steps
        ),
    )
    return format_html(
        '<nav class="govuk-breadcrumbs cp-breadcrumbs" aria-label="Breadcrumb">'
        '<ol class="govuk-breadcrumbs__list">{}</ol></nav>',
        parts,
    )


@register.simple_block_tag
def capture(content: SafeString) -> SafeString:
    """{% capture as lead %}…{% endcapture %}: store a piece of the page in a variable, for tags that take text."""
    return mark_safe(content.strip())


@register.simple_tag
def page_head(title: str, caption: str = "", lead: str = "", actions: str = "") -> SafeString:
    """The head of a page: a caption above the title, one sentence below it, buttons beside it."""
    above = format_html('<p class="cp-page-head__caption">{}</p>', caption) if caption else ""
    below = format_html('<p class="cp-page-head__lead">{}</p>', lead) if lead else ""
    beside = format_html('<div class="cp-page-head__actions">{}</div>', actions) if actions else ""
    return format_html(
        '<div class="cp-page-head"><div class="cp-page-head__text">'
        '{}<h1 class="govuk-heading-l">{}</h1>{}</div>{}</div>',
        above,
        title,
        below,
        beside,
    )


@register.simple_tag
def summary_list(rows: Any, css: str = "") -> SafeString:
    """Rows are mappings with key, value and optionally url, action ("Change"), hidden (what the link is about)."""
    return SafeString(render_to_string("components/summary_list.html", {"rows": rows, "css": css}))


@register.simple_tag
def summary_row(key: str, value: Any, url: str = "", action: str = "Change", hidden: str = "") -> SafeString:
    """One row inside ``<dl class="govuk-summary-list">``; an empty value says Not recorded."""
    link = (
        format_html(
            '<dd class="govuk-summary-list__actions"><a class="govuk-link" href="{}">{}'
            '<span class="govuk-visually-hidden"> {}</span></a></dd>',
            url,
            action,
            hidden or key.lower(),
        )
        if url
        else ""
    )
    return format_html(
        '<div class="govuk-summary-list__row{}"><dt class="govuk-summary-list__key">{}</dt>'
        '<dd class="govuk-summary-list__value">{}</dd>{}</div>',
        "" if url else " govuk-summary-list__row--no-actions",
        key,
        words.or_not_recorded(value),
        link,
    )


@register.simple_tag
def progress(steps: Any) -> SafeString:
    """Show progress. Steps have name, state (done, now, next, stopped) and date_text."""
    return SafeString(render_to_string("components/progress.html", {"steps": steps}))


@register.simple_tag
def tabs(label: str, entries: Any) -> SafeString:
    """Entries are mappings or objects with label, url, current; on a phone they fold into one line."""
    return SafeString(render_to_string("components/tabs.html", {"label": label, "entries": entries}))
