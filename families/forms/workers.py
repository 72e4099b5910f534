"""Entering a worker of an agency: chosen from the council's directory, or new once it was asked whether they are known.

Every form in which a worker's name is typed is an ``EntersWorker``; tests/cpconf/test_workers_are_asked_about.py
walks over all forms and says which are not, and why.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from families.models import Agency, Post
from families.selectors import Worker, likely_workers
from families.selectors.agency_names import holder_on_page, mailbox_on_page, recorded_title
from families.selectors.search import fold
from families.services import BOTH, RECORDED, TYPED, EnteredWorker, differences, staff_post
from govuk.forms import GovukForm, Include, Item, RadiosField, SelectField

SOMEONE_ELSE = "someone_else"
FACTS = {"name": "name", "title": "job title", "email": "e-mail address", "phone": "phone number"}
# With fewer a list is read through; with more it is searched.
SEARCHED_FROM = 60


class WorkerField(SelectField):
    """Everyone in the directory, by agency; cleans to a ``Worker``, or None."""

    def __init__(self, **kwargs: Any) -> None:
        self.workers: dict[str, Worker] = {}
        super().__init__(**kwargs)

    def offer(self, workers: Iterable[Worker], shown: Iterable[Worker] | None = None) -> None:
        """Accept each of ``workers``, and draw those ``shown``, or all."""
        self.workers = {worker.key: worker for worker in workers}
        groups: dict[str, list[tuple[str, str]]] = {}
        for worker in self.workers.values() if shown is None else shown:
            groups.setdefault(worker.group, []).append((worker.key, worker.words))
        self.set_choices(groups.items())

    def valid_value(self, value: Any) -> bool:
        return value in self.workers

    def clean(self, value: Any) -> Worker | None:
        return self.workers.get(super().clean(value))


class LikelyPostField(RadiosField):
    """One of the posts found while the form is cleaned; until then no choice is known.

    Once it is asked, the form waits for the answer: it is no optional question.
    """

    marks_optional = False

    def valid_value(self, value: Any) -> bool:
        return bool(value)


def which() -> LikelyPostField:
    """Return the question which of two words counts; its label and answers come with the two."""
    return LikelyPostField(label="", required=False)


OFFERED = Include("families/find_worker.html", draws=("find", "worker"))
ASKED = Include("families/likely_posts.html", draws=("known_post", *(f"use_{fact}" for fact in FACTS)))


class OffersDirectory(GovukForm):
    """Offers the council's directory, searched where it is long; the layout holds ``OFFERED``."""

    drawn_on_demand: ClassVar[frozenset[str]] = frozenset({"find"})

    find = forms.CharField(
        label="Find someone in the council’s directory",
        required=False,
        max_length=100,
        help_text="Part of a name, a job title or an agency",
    )
    worker = WorkerField(
        label="Someone in the council’s directory", required=False, empty_label="They are not in this list"
    )

    def __init__(self, *args: Any, workers: Sequence[Worker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_searched = len(workers) > SEARCHED_FROM
        self.fields["worker"].offer(workers, self._shown(workers))  # type: ignore[attr-defined]

    def _shown(self, workers: Sequence[Worker]) -> Sequence[Worker]:
        wanted = fold(self._sent("find"))
        chosen = self._sent("worker") or self.initial.get("worker", "")
        if not self.is_searched:
            return workers
        if not wanted:
            return [worker for worker in workers if worker.key == chosen]
        parts = wanted.split()
        return [row for row in workers if row.key == chosen or all(part in fold(row.words) for part in parts)]

    def _sent(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), "")) if self.is_bound else ""

    @property
    def only_finds(self) -> bool:
        """Return whether the page was sent to search the directory, not to save anything.

        Enter in any box presses the first button, which is this one: nothing to find, or nothing else than before,
        is the whole form.
        """
        wanted = self._sent("find")
        return bool(self._sent("find_workers") and wanted and wanted != self._sent("found"))

    def is_valid(self) -> bool:
        """Return whether everything is right; a search of the directory shows no errors and saves nothing."""
        if self.only_finds:
            self.hides_errors = True
            return False
        return super().is_valid()

    def take_staff(self, *, on: datetime.date) -> Post | None:
        """Return the post of the member of staff who was chosen, made where missing; None for anybody else."""
        worker = self.cleaned_data.get("worker")
        return staff_post(user=worker.user, today=on) if worker and worker.user else None

    def worker_post(self, *, on: datetime.date) -> Post | None:
        """Return the post of whoever was chosen, made where a member of staff has none."""
        worker: Worker | None = self.cleaned_data.get("worker")
        return (worker.post if worker else None) or self.take_staff(on=on)


class EntersWorker(OffersDirectory):
    """Offers the directory, and asks about whoever is typed in and may be known already.

    The layout holds ``ASKED`` first and ``OFFERED`` where the worker is entered. ``clean`` calls
    ``ask_about_worker``, after which ``same_as`` is the post of the one who is known, and ``use`` which word counts.
    """

    drawn_on_demand: ClassVar[frozenset[str]] = frozenset({"find", "known_post", *(f"use_{fact}" for fact in FACTS)})

    known_post = LikelyPostField(label="Is this professional one of these?", required=False)
    use_name, use_title, use_email, use_phone = which(), which(), which(), which()

    def __init__(self, *args: Any, posts: QuerySet[Post], family_id: int | None, **kwargs: Any) -> None:
        """``posts`` are searched for whoever is typed in; without a family every confidential agency stays unnamed."""
        super().__init__(*args, **kwargs)
        self.family_id = family_id
        self.posts = posts
        self.likely_posts: list[Post] = []
        self.asks_which: list[str] = []
        self.same_as: Post | None = None
        self.use: dict[str, str] = {}

    @property
    def shown_use(self) -> list[Any]:
        """Return the questions which word counts, those that are asked."""
        return [self[name] for name in self.asks_which]

    def ask_about_worker(self, entered: EnteredWorker, *, agency: Agency | None = None) -> None:
        """Find out whether the worker typed in is known, and what was typed otherwise than it is recorded.

        Asks only once nothing else is wrong.
        """
        if self.errors:
            return
        chosen: Worker | None = self.cleaned_data.get("worker")
        if chosen is not None:
            self.same_as = chosen.post
        elif entered.is_named or entered.email:
            self.same_as = self._who_it_is(entered, agency)
        if self.same_as is not None and not self.errors:
            elsewhere = agency is not None and agency.pk != self.same_as.agency_id
            self._ask_which(self.same_as, entered, only=("name",) if elsewhere else tuple(FACTS))

    def _who_it_is(self, entered: EnteredWorker, agency: Agency | None) -> Post | None:
        found = likely_workers(
            self.posts,
            given_name=entered.given_name,
            family_name=entered.family_name,
            email=entered.email,
            agency=agency,
        )
        for post in found:
            # The same again, with nothing that differs: a form sent twice.
            if (
                agency is not None
                and post.agency_id == agency.pk
                and entered.title
                and entered.full_name.casefold() == post.person.full_name.casefold()
                and entered.title.casefold() == post.title.casefold()
                and not differences(post, entered)
            ):
                return post
        if not found:
            return None
        self.likely_posts = found
        items = [Item(str(post.pk), holder_on_page(post, self.family_id), hint=self._hint(post)) for post in found]
        field = self.fields["known_post"]
        field.set_choices([*items, Item(SOMEONE_ELSE, "No, someone else", divider="or")])  # type: ignore[attr-defined]
        answer = self._sent("known_post")
        if answer not in {SOMEONE_ELSE, *(item.value for item in items)}:
            self.add_error("known_post", "We may already know this professional. Choose who it is, or someone else")
        return next((post for post in found if str(post.pk) == answer), None)

    def _hint(self, post: Post) -> str:
        return ", ".join(filter(None, (mailbox_on_page(post.email, post.agency_id, self.family_id), post.phone)))

    def _as_recorded(self, post: Post, fact: str, recorded: str) -> str:
        if fact == "email":
            return mailbox_on_page(recorded, post.agency_id, self.family_id)
        return recorded_title(post.agency_id, recorded, self.family_id) if fact == "title" else recorded

    def _ask_which(self, post: Post, entered: EnteredWorker, *, only: Sequence[str]) -> None:
        for fact, (recorded, typed) in differences(post, entered).items():
            if fact in only:
                more = [Item(BOTH, "Both", hint="They have two posts")] if fact == "title" else []
                shown = self._as_recorded(post, fact, recorded)
                self.ask_which(fact, FACTS[fact], shown, typed, hint=_typed_hint(fact), more=more)

    def ask_which(
        self,
        fact: str,
        called: str,
        recorded: str,
        typed: str,
        *,
        hint: str = "As you typed it",
        more: Sequence[Item] = (),
    ) -> None:
        """Ask by the field ``use_<fact>`` whether what was typed counts or what is recorded; keep the answer."""
        name = f"use_{fact}"
        field = self.fields[name]
        field.label = f"Which {called} is right?"
        items = [Item(TYPED, typed, hint=hint), Item(RECORDED, recorded, hint="As recorded"), *more]
        field.set_choices(items)  # type: ignore[attr-defined]
        self.asks_which.append(name)
        answer = self._sent(name)
        if answer in {str(item.value) for item in items}:
            self.use[fact] = answer
        else:
            self.add_error(name, f"Choose which {called} is right")


def _typed_hint(fact: str) -> str:
    if fact == "name":
        return "As you typed it: kept as another name, and found by it"
    if fact == "email":
        return "As you typed it: invitations still to come go here, nothing more to the old address"
    return "As you typed it"
