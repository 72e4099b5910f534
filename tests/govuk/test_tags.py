from __future__ import annotations

from django.template import engines
from django.test import RequestFactory


def drawn(source, **context):
    return engines["django"].from_string(source).render(context, RequestFactory().get("/"))


def test_a_page_head_has_its_title_and_optional_parts():
    bare = drawn('{% page_head "Plans" %}')
    full = drawn('{% page_head title caption="Case 1" lead="A sentence." %}', title="R & W")

    assert bare == (
        '<div class="cp-page-head"><div class="cp-page-head__text"><h1 class="govuk-heading-l">Plans</h1></div></div>'
    )
    assert '<p class="cp-page-head__caption">Case 1</p><h1 class="govuk-heading-l">R &amp; W</h1>' in full
    assert '<p class="cp-page-head__lead">A sentence.</p>' in full


def test_a_captured_piece_keeps_its_tags_and_escapes_values():
    html = drawn(
        "{% capture as lead %}\n  <b>{{ name }}</b>\n{% endcapture %}{% page_head title lead=lead %}",
        name="<R>",
        title="",
    )

    assert '<p class="cp-page-head__lead"><b>&lt;R&gt;</b></p>' in html


def test_an_empty_piece_leaves_no_paragraph():
    assert "__lead" not in drawn(
        '{% capture as lead %} {% if no %}x{% endif %} {% endcapture %}{% page_head "Plans" lead=lead %}'
    )


def test_a_button_submits_and_one_with_a_url_links():
    assert drawn('{% button "Save" look="warning" name="x" value=2 %}') == (
        '<button class="govuk-button govuk-button--warning" type="submit" name="x" value="2" '
        'data-module="govuk-button" data-prevent-double-click="true">Save</button>'
    )
    assert drawn("{% button text href=url %}", text="<Go>", url="/a/?b=1&c=2") == (
        '<a class="govuk-button" href="/a/?b=1&amp;c=2" role="button" draggable="false" '
        'data-module="govuk-button">&lt;Go&gt;</a>'
    )
