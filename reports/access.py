"""Who may write, read and share whose report. Documents after the meeting open with their conference."""

from __future__ import annotations

from typing import Any, Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import ReadKind, Role
from accounts.models import User
from accounts.readers import Reader, array_of
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Rule
from conferences.access import CONFERENCE_RULE, RULES, own_invitations
from conferences.access import To as ToConference
from conferences.agreed_by import is_named, named_rule
from conferences.enums import REPORTING_CAPACITIES, Capacity
from conferences.models import Conference, ConferenceChild, Participant
from conferences.rows_to_open import CONFERENCES
from families.access import FAMILY_MANAGE_RULE, named_families
from families.models import Family, FamilyMember
from my_views.access import READS_RULE
from plans.access import PLAN_RULE
from plans.enums import Occasion
from plans.models import KeyWorker, Plan
from reports.enums import DocumentKind, ReportState
from reports.models import Attachment, ComplaintStage, Document

To = Literal["read", "write", "share", "agree", "remarks"]


def _conferences(rule: Rule, reader: Reader) -> Q:
    """Match authors in the conferences that ``rule`` opens for the reader."""
    return Q(Exists(rule.visible(Conference.objects.all(), reader).filter(pk=OuterRef("conference"))))


def _own(reader: Reader) -> Q | None:
    """Match the author's own report while their invitation stands."""
    return Q(pk__in=own_invitations(reader).values("pk"))


def _social_work(reader: Reader) -> Q | None:
    """Match the social work report, for whoever may arrange the conference for the case."""
    return _conferences(RULES["arrange"], reader) & Q(capacity=Capacity.SOCIAL_WORKER)


def _own_social_work(reader: Reader) -> Q | None:
    """Match the social work report of the reader, and nobody else's."""
    matched = _social_work(reader)
    return None if matched is None else matched & Q(person__user=reader.pk)


def _on_behalf(reader: Reader) -> Q | None:
    """Match any report, for coordinators who enter it as it came in."""
    return _conferences(RULES["minutes"], reader)


def _arranging(reader: Reader) -> Q | None:
    return _conferences(RULES["arrange"], reader)


def _chairing(reader: Reader) -> Q | None:
    return _conferences(RULES["chair"], reader)


def _reading(reader: Reader) -> Q | None:
    return _conferences(CONFERENCE_RULE, reader)


def _managed_team(reader: Reader) -> Q | None:
    """Match social work reports about families of teams the reader manages."""
    teams = reader.team_ids(Role.TEAM_MANAGER)
    return None if teams is None else _social_work_of(family__team__one_of=teams, family__restricted=False)


def _named_manager(reader: Reader) -> Q | None:
    """Match social work reports about restricted cases that name the reader as a manager."""
    families = named_families(reader, Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
    return None if families is None else _social_work_of(family__one_of=families)


def _managed_service(reader: Reader) -> Q | None:
    """Match the council's social work reports, for teams without another manager."""
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    if authorities is None:
        return None
    return _social_work_of(authority__one_of=authorities, family__restricted=False)


def _social_work_of(**conference: object) -> Q:
    """Match social work reports in conferences with these values."""
    conferences = Conference.objects.filter(pk=OuterRef("conference"), **conference)
    return Q(Exists(conferences), capacity=Capacity.SOCIAL_WORKER)


def _own_or_writes_none(reader: Reader) -> Q:
    """Match the reader's own reports, and those CONFERENCE_RULE never opens to them."""
    barred = CONFERENCE_RULE.barred(Conference.objects.filter(pk=OuterRef("conference")), reader)
    return ~Q(capacity__in=REPORTING_CAPACITIES) | Q(person__user=reader.pk) | Q(Exists(barred))


def _writes_none(_reader: Reader) -> Q:
    return ~Q(capacity__in=REPORTING_CAPACITIES)


AUTHOR_RULES: dict[To, Rule] = {
    "read": Rule(rights=(("conference", _reading), ("own report", _own)), never=_writes_none),
    "write": Rule(
        rights=(("social work", _social_work), ("on behalf", _on_behalf), ("own report", _own)), never=_writes_none
    ),
    "share": Rule(rights=(("arranges", _arranging), ("chair", _chairing), ("own report", _own)), never=_writes_none),
    "remarks": Rule(
        rights=(("chair", _chairing), ("author", _own_social_work), ("own report", _own)), never=_writes_none
    ),
    "agree": Rule(
        rights=(
            ("named for the case", _named_manager),
            ("team manager", _managed_team),
            ("service manager", _managed_service),
        ),
        never=_own_or_writes_none,
    ),
}


def may_release_document(user: User, document: Document) -> bool:
    """Return whether the user releases this version of the letter or of the minutes."""
    return RELEASE_RULE.right_of(user, document) is not None


def may(user: User, author: Participant, *, to: To) -> bool:
    """Return whether the user may open this author's report for this purpose, to show or hide a button."""
    return AUTHOR_RULES[to].right_of(user, author) is not None


def _authors() -> QuerySet[Participant]:
    children = ConferenceChild.objects.filter(conference=OuterRef("conference")).order_by()
    return Participant.objects.select_related(
        "conference__family__team",
        "conference__authority",
        "conference__chair",
        "conference__coordinator",
        "person",
        "agency",
        "post",
    ).annotate(person_ids=ArraySubquery(children.values("child__person")))


_AUTHORS = RowsToOpen(_authors)
_FILES = RowsToOpen(lambda: Attachment.objects.select_related("file", "report__author__conference"))


def access_author(request: HttpRequest, pk: int, author_pk: int, *, to: To = "read") -> Participant:
    """Return the author of a report of this conference; ``author.right`` says why the user may open it.

    read: everyone who may read the conference, and the author. write: the author; for the social work report
    those who arrange the conference; coordinators for anyone. share: the author, those who arrange, and the
    chair. agree: managers of the team and of the service, for a social work report that is not their own. remarks: the
    author and the chair, nobody else.

    Writes the read log. Raises SignInRequired or Http404.
    """
    return open_row(
        request,
        _AUTHORS,
        AUTHOR_RULES[to],
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda author: [author.conference.family_id],
        persons=lambda author: author.person_ids,  # type: ignore[attr-defined]
        pk=author_pk,
        conference=pk,
    )


ToFile = Literal["read", "withdraw", "check"]


def _file_of_what_is_in(reader: Reader) -> Q | None:
    return _file_of_authors(AUTHOR_RULES["read"], reader, ReportState.SUBMITTED)


def _file_they_write_with(reader: Reader) -> Q | None:
    return _file_of_authors(AUTHOR_RULES["write"], reader, ReportState.DRAFT, ReportState.SUBMITTED)


def _file_of_authors(rule: Rule, reader: Reader, *states: ReportState) -> Q:
    authors = rule.visible(Participant.objects.all(), reader)
    return Q(report__state__in=states, report__author__in=authors.values("pk"))


def _taken_out(_reader: Reader) -> Q:
    return Q(withdrawn_at__isnull=False)


def _file_they_look_at(rule: Rule) -> Any:
    def condition(reader: Reader) -> Q | None:
        authors = Participant.objects.filter(_conferences(rule, reader))
        return Q(report__state=ReportState.SUBMITTED, report__author__in=authors.values("pk"))

    return condition


FILE_RULES: dict[ToFile, Rule] = {
    "read": Rule(
        rights=(("report", _file_of_what_is_in), ("writes the report", _file_they_write_with)), never=_taken_out
    ),
    "withdraw": Rule(rights=(("writes the report", _file_they_write_with),), never=_taken_out),
    "check": Rule(
        rights=(
            ("arranges", _file_they_look_at(RULES["arrange"])),
            ("coordinates", _file_they_look_at(RULES["minutes"])),
        ),
        never=_taken_out,
    ),
}


def access_file(
    request: HttpRequest, pk: int, author_pk: int, attachment_pk: int, *, to: ToFile = "read"
) -> Attachment:
    """Return a file of a report, unless it was withdrawn.

    read: whoever may read the report, once it is submitted; before that, those who write it. withdraw: those
    who write it. check, for a reader in the family: whoever arranges for the case, and coordinators, once the report
    is in. No one may open the files of a version that was replaced.

    Writes the read log, as an export. Raises SignInRequired or Http404.
    """
    return open_row(
        request,
        _FILES,
        FILE_RULES[to],
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda attachment: [attachment.report.conference.family_id],
        persons=lambda attachment: attachment.report.conference.children.values_list("child__person_id", flat=True),
        kind=ReadKind.EXPORT if to == "read" else ReadKind.PAGE,
        pk=attachment_pk,
        report__author=author_pk,
        report__conference=pk,
    )


# Under which value of the procedures a paper after a conference is released.
RELEASED_UNDER: dict[str, str] = {
    DocumentKind.DECISIONS_LETTER: "decisions-released-by",
    DocumentKind.MINUTES: "minutes-released-by",
}
# Whose work it is to look at each recipient's copy: the chair, coordinators, and whoever releases it.
CHECK_RULES: dict[str, Rule] = {
    kind: Rule(rights=(*RULES["record"].rights, *named_rule(key).rights), never=CONFERENCE_RULE.never)
    for kind, key in RELEASED_UNDER.items()
}


def _named_to_release(reader: Reader) -> Q | None:
    found = Q()
    for kind, key in RELEASED_UNDER.items():
        found |= _conferences(named_rule(key), reader) & Q(kind=kind)
    return found & Q(core_group_meeting__isnull=True, plan__isnull=True)


def _prepared_without_chairing(reader: Reader) -> Q:
    return Q(prepared_by=reader.pk) & ~_conferences(RULES["chair"], reader)


# Who releases the letter and the minutes: whoever the procedures name, never who prepared them, unless they chair.
RELEASE_RULE = Rule(rights=(("named in the procedures", _named_to_release),), never=_prepared_without_chairing)


# Who tells a child, writes down what they were told, and prepares their letter: whoever reads their form of My Views.
CHILDS_LETTER_RULE = READS_RULE
# Who hands a letter over: they, and coordinators.
LETTER_STATE_RULE = Rule(rights=(*READS_RULE.rights, *RULES["minutes"].rights), never=CONFERENCE_RULE.never)

FIRST_VERSIONS = (Occasion.START, Occasion.CONFERENCE, Occasion.CARRIED)


def _carrying_the_plan(reader: Reader) -> Q | None:
    if reader.authority_ids(Role.SOCIAL_WORKER, Role.TEAM_MANAGER) is None:
        return None
    carried = KeyWorker.objects.filter(user=reader.pk, ends_on__isnull=True)
    return Q(plan__one_of=array_of(carried.values("plan")))


def _managing_the_family(reader: Reader) -> Q | None:
    managed = FAMILY_MANAGE_RULE.visible(Family.objects.all(), reader)
    members = FamilyMember.objects.current(on=reader.today).filter(family__in=managed.values("pk"))
    return Q(Exists(members.filter(person__child__plans=OuterRef("plan"))))


def _chairing_the_first(reader: Reader) -> Q | None:
    return _conferences(RULES["chair"], reader) & Q(plan_version__occasion__in=FIRST_VERSIONS)


def _plans_barred(reader: Reader) -> Q:
    barred = PLAN_RULE.barred(Plan.objects.filter(pk=OuterRef("plan")), reader)
    return Q(plan__isnull=True) | Q(Exists(barred))


# Who releases a plan as a paper: its key worker, managers of the family, and the first version the chair too.
PLAN_PAPER_RULE = Rule(
    rights=(
        ("key worker", _carrying_the_plan),
        ("manager of the family", _managing_the_family),
        ("chair", _chairing_the_first),
    ),
    never=_plans_barred,
)


ToAfter = Literal["follow", "answer"]


def _serving(reader: Reader) -> Q | None:
    """Match every conference of the council, for managers of the conference service."""
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    named = named_families(reader, Role.SERVICE_MANAGER)
    if authorities is None or named is None:
        return None
    family = Family.objects.filter(pk=OuterRef("family"), restricted=False)
    return Q(Exists(family), authority__one_of=authorities) | Q(family__one_of=named)


AFTER_RULES: dict[ToAfter, Rule] = {
    "follow": Rule(rights=(*RULES["record"].rights, ("service manager", _serving)), never=CONFERENCE_RULE.never),
    "answer": Rule(rights=(*RULES["chair"].rights, ("service manager", _serving)), never=CONFERENCE_RULE.never),
}

COMPLAINTS = "complaint-answered-by"
STAGES_ANSWERED: tuple[ToConference, ...] = ("manage the service", "minutes")


def _of_followed(reader: Reader) -> Q | None:
    followed = AFTER_RULES["follow"].visible(Conference.objects.all(), reader)
    return Q(conference__in=followed.order_by().values("pk"))


COMPLAINT_RULE = Rule(rights=(("follows the conference", _of_followed),))


def may_answer_complaint(user: User, conference: Conference) -> bool:
    """Return whether the user answers complaints: whom the procedures name, or a coordinator who enters the answer."""
    return is_named(user, conference, COMPLAINTS) or RULES["minutes"].right_of(user, conference) is not None


def may_answer_stages(user: User, conference: Conference) -> bool:
    """Return whether the user may answer complaints about a conference that were taken further.

    A service manager or coordinator who does not chair it, and answered none of the earlier stages: see
    ``ComplaintStage.answered_before``.
    """
    if RULES["chair"].right_of(user, conference) is not None:
        return False
    return any(RULES[to].right_of(user, conference) is not None for to in STAGES_ANSWERED)


def may_answer_stage(user: User, stage: ComplaintStage) -> bool:
    """Return whether the user records the answer of a later stage; service managers are asked to."""
    return user.pk not in stage.answered_before and may_answer_stages(user, stage.complaint.conference)


def may_after(user: User, conference: Conference, *, to: ToAfter) -> bool:
    """Return whether the user may record or answer objections to a conference."""
    return AFTER_RULES[to].right_of(user, conference) is not None


def access_after(request: HttpRequest, pk: int, *, to: ToAfter) -> Conference:
    """Return the conference, for objections to it: dissent, complaints, comments on the minutes.

    follow: its chair, coordinators and service managers. answer: its chair and service managers. Writes the
    read log. Raises SignInRequired or Http404.
    """
    return open_row(
        request,
        CONFERENCES,
        AFTER_RULES[to],
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda conference: [conference.family_id],
        persons=lambda conference: conference.person_ids,  # type: ignore[attr-defined]
        pk=pk,
    )
