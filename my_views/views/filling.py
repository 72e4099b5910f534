"""Filling in a form: one question a page, then one on which it is read and handed in.

The same for a guest on their own page and for staff who write it down, each in a frame of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.drafts.forms import kept_form
from accounts.models import User
from deadlines.policies import policy_of
from deadlines.policies.question_types import Question
from govuk.forms import GovukBaseForm
from govuk.generic import Draw, form_view
from my_views.enums import Given, Way
from my_views.forms.answers import AnswerForm, HandInForm, StaffAnswerForm
from my_views.models import MyViewsForm
from my_views.selectors.answers import Written, newest_hand_in, questions_of, seen_token, written_so_far
from my_views.services.handing_in import ChangedMeanwhile, hand_in
from my_views.services.writing import WrittenElsewhere, save_answer

SKIPS = "skip"


@dataclass
class Filling:
    """One form being filled in: by whom (None: the person themselves), and where its pages are.

    ``reads`` says whether the writer may read what was handed in before; ``may_act`` is asked before each act and
    raises ValidationError where somebody sends too much.
    """

    form: MyViewsForm
    writer: User | None
    reads: bool
    draw: Draw
    address: Callable[..., str]
    guest_session_id: int | None = None
    may_act: Callable[[str], None] = field(default=lambda _what: None)
    done: str = ""

    @property
    def questions(self) -> tuple[Question, ...]:
        return questions_of(self.form.conference, self.form.questions)

    def written(self) -> list[Written]:
        """Return each question with the answer that stands for this writer."""
        return written_so_far(
            self.form, self.questions, conference=self.form.conference, writer=self.writer, reads=self.reads
        )

    def next_address(self) -> str:
        """Return the page of the first question without an answer; where all have one, the page to hand it in."""
        open_one = next((one for one in self.written() if not one.is_done), None)
        return self.address("question", open_one.question.key) if open_one else self.address("check")


def question_page(request: HttpRequest, filling: Filling, key: str, *, template: str) -> HttpResponse:
    """Ask one question, and keep the answer unsent. What was written on another phone meanwhile is shown beside it."""
    written = filling.written()
    place = next((at for at, one in enumerate(written) if one.question.key == key), None)
    if place is None:
        raise Http404
    one = written[place]
    policy = policy_of(filling.form.conference.policy_version_id)
    form = kept_form(
        request,
        AnswerForm if filling.writer is None else StaffAnswerForm,
        question=one.question,
        ends=policy.value("my-views-scale-ends"),
        faces=policy.value("my-views-faces"),
        initial=AnswerForm.initial_of(one),
    )
    after = written[place + 1].question.key if place + 1 < len(written) else ""
    onward = filling.address("question", after) if after else filling.address("check")
    if request.GET.get("then") == "check":
        onward = filling.address("check")
    if request.method == "POST" and SKIPS in request.POST:
        form = _skipping(form)
    context: dict[str, Any] = {
        "question": one.question,
        "written": one,
        "number": place + 1,
        "of": len(written),
        "steps": [(at <= place, at == place) for at in range(len(written))],
        "back": filling.address("question", written[place - 1].question.key) if place else filling.address("start"),
        "filling": filling,
    }

    def save(_data: dict[str, Any]) -> object:
        filling.may_act("save")
        typed = form.answer()
        if SKIPS in request.POST:
            typed = {**typed, "given": Given.REFUSED}
        return save_answer(
            form=filling.form,
            question=one.question,
            writer=filling.writer,
            reads=filling.reads,
            now=timezone.now(),
            **typed,
        )

    try:
        return form_view(request, form, save, success_url=onward, template_name=template, draw=filling.draw, **context)
    except WrittenElsewhere as refusal:
        _show_again(form, version=refusal.standing.version)
        return filling.draw(request, template, {"form": form, **context, "elsewhere_written": refusal.standing})


def _skipping(form: AnswerForm) -> AnswerForm:
    """Take the form as it is: who does not want to answer need not put anything right first."""
    for bound in form.fields.values():
        bound.required = False
    return form


def _show_again(form: GovukBaseForm, **values: Any) -> None:
    """Draw a form again with what was typed, and other values in its hidden fields: sent again, it is meant."""
    data: Any = cast("Any", form.data).copy()
    for name, value in values.items():
        data[name] = str(value)
    form.data = data


def check_page(
    request: HttpRequest, filling: Filling, *, template: str, form_class: type[HandInForm], success_url: str
) -> HttpResponse:
    """Show everything that was written, and hand it in. What changed meanwhile has to be read first."""
    written = filling.written()
    before = newest_hand_in(filling.form)
    token = seen_token(filling.form, written)
    initial: dict[str, Any] = {"seen": token}
    if before is not None and filling.reads:
        initial |= {"help": before.help, "helped_by": before.helped_by, "way": before.way}
    form = kept_form(request, form_class, initial=initial)
    context: dict[str, Any] = {
        "written": written,
        "filling": filling,
        "handed_in": before,
        "has_unsent": any(one.is_unsent for one in written),
    }

    def save(data: dict[str, Any]) -> object:
        filling.may_act("hand in")
        return hand_in(
            form=filling.form,
            writer=filling.writer,
            guest_session_id=filling.guest_session_id,
            way=data.get("way", Way.OWN_PAGE),
            help=data["help"],
            helped_by=data["helped_by"],
            seen=data["seen"],
            reads=filling.reads,
            now=timezone.now(),
        )

    try:
        return form_view(
            request, form, save, success_url=success_url, template_name=template, draw=filling.draw, **context
        )
    except ChangedMeanwhile as refusal:
        context["written"] = filling.written()
        _show_again(form, seen=seen_token(MyViewsForm.objects.get(pk=filling.form.pk), context["written"]))
        return filling.draw(request, template, {"form": form, **context, "changed": refusal.messages[0]})


def start_over(filling: Filling) -> HttpResponse:
    """Lead to the first question that has no answer."""
    return redirect(filling.next_address())
