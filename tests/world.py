"""One council in the middle of its work, with a row of every kind, for tests that walk the whole site.

Builds on the story of the papers (``tests/reports/story.py``): Hazel, her two children and a pregnancy, two
fathers, a school that reveals where they are, and a conference that was closed on 22 December 2026.
``address_of`` returns the URL of each page about that family; ``actors`` lists who could try to open it.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.enums import TEAM_ROLES, AccountChange, Role
from accounts.guests.hashing import hash_of
from accounts.guests.pages import COOKIE
from accounts.models import (
    AccountProposal,
    EnrolledDevice,
    GuestCode,
    GuestSession,
    RoleAssignment,
    RoleProposal,
    SecondPerson,
    User,
)
from allegations.enums import StepKind, Threshold
from allegations.models import Referral, ReferralStep, ReferralText
from conferences.enums import AskedKind, ConferenceStatus, Outcome, RequestGround
from conferences.models import (
    CompanionCheck,
    Conference,
    ConferenceRequest,
    Decision,
    Deputy,
    ExclusionRequest,
    Participant,
    RequestedItem,
    SaidByGuest,
    Telling,
    ToTell,
)
from conferences.services.guest_links import issue_link
from conferences.urls import of_a_family
from core_groups.models import CoreGroup, MemberTelling, MemberToTell
from core_groups.services.core_groups import form_core_group
from core_groups.services.meetings import plan_first_meeting, record_meeting
from core_groups.services.notes import add_meeting_note
from core_groups.services.safety import raise_meeting_stop
from core_groups.services.seats import add_also_there
from deadlines.models import ClosedDay, Deadline, PolicyVersion, Recount, SweepRun
from deadlines.services import reconcile
from deadlines.services.drafting import start_draft
from families.enums import AdoptedBy, AgencyKind, Answer, PaperFormat, SafetyAlertKind
from families.models import (
    Adoption,
    AgencyInvolvement,
    ContactRisk,
    FamilyMember,
    NamedForFamily,
    Person,
    PersonMerge,
    SafetyAlert,
    TransferIn,
    WorkOfPost,
)
from families.services import EnteredWorker
from families.services.need_to_know import restrict_family
from incidents import enums as incidents
from incidents.enums import IncidentKind
from incidents.models import Incident, IncidentStep, PersonConcerned
from meetings.enums import EntryKind, StopGround
from meetings.models import (
    BoardEntry,
    DecisionCorrection,
    EntryMove,
    Explanation,
    LateEntry,
    OutlineAction,
    OutlineEntry,
    SafetyStop,
)
from meetings.selectors.newcomers import Newcomer
from my_views.models import Answer as AnswerOfMyViews
from my_views.models import DangerSign, HandIn, MyViewsForm, ReleasedPassage
from plans.enums import EndedOutside, Occasion, PlanEntryKind, PlanKind, WhyChanged
from plans.models import CinMember, Consent, ConsentMatter, MidPointCheck, Plan, PlanEnding, Visit
from plans.services.document import EntryWords, add_to_plans
from plans.services.list_checks import Asked, check_list
from plans.services.plans import follow_decision
from plans.services.versions import Why
from records.enums import DisclosureKind, HoldGround
from records.models import Disclosure, Disposal, LegalHold
from reports.enums import (
    Channel,
    ComplaintOutcome,
    DocumentKind,
    DocumentState,
    RemarkKind,
    ReportState,
    Scan,
    SharingManner,
    SharingOutcome,
    ToldState,
)
from reports.models import (
    Attachment,
    Copy,
    CorrectionToTell,
    Document,
    Envelope,
    FormatAsked,
    MinutesComment,
    PaperWording,
    PrintPack,
    Remark,
    Report,
    Sharing,
    StoredFile,
)
from reports.services.childs_letters import Said, prepare_letter, record_told
from reports.services.complaints import answer_complaint, record_complaint, take_complaint_further
from reports.services.core_group_minutes import prepare_core_group_minutes
from reports.services.dissents import lodge_dissent
from reports.services.documents import prepare_document, release_document
from reports.services.later_recipients import ask_for_later_recipient
from reports.services.plan_papers import prepare_plan_paper
from reports.services.reports import begin_report, save_section, submit_report
from tests.factories import (
    AgencyFactory,
    AuthorityFactory,
    BreakGlassFactory,
    ConflictOfInterestFactory,
    FamilyMemberFactory,
    MessageFactory,
    NoticeFactory,
    PersonFactory,
    PlanFactory,
    PostFactory,
    RoleAssignmentFactory,
    StandInFactory,
    TeamFactory,
    UserFactory,
    policy_in_force,
    user_with_role,
)
from tests.reports.story import BEFORE, NOW, tell
from transfers.enums import Agreed, LetterKind, Stay, WhoVisits
from transfers.models import CouncilLetter, TransferOut, TransferredChild, TravelAbroad

TODAY = NOW.date()


def tell_world(story: SimpleNamespace | None = None) -> SimpleNamespace:
    """Tell the closed conference, or one given, its consequences, and everyone who could try to open it."""
    world = story or tell()
    _papers(world)
    _plans(world)
    _requests(world)
    _corrections(world)
    _around(world)
    reconcile(family_ids=[world.family.pk], now=NOW)
    world.deadline = Deadline.objects.filter(family_id=world.family.pk).order_by("pk").first()
    world.actors = actors(world)
    _referred(world)
    world.notice = NoticeFactory(user=world.worker)
    _watched(world)
    _incident(world)
    _named_in_addresses(world)
    _my_views(world)
    # What became late in the story was told.
    SweepRun.objects.create(started_at=NOW, ended_at=NOW)
    return world


def _papers(world: SimpleNamespace) -> None:
    """Add a draft by the school, the social work report waiting for the manager, minutes with a comment."""
    conference = world.conference
    Conference.objects.filter(pk=conference.pk).update(status=ConferenceStatus.OPEN)
    world.draft = begin_report(author=world.of.tutor, by=world.coordinator, now=BEFORE)
    world.section = save_section(
        report=world.draft, heading="current-risks", text="Robin was late nine times.", nature="fact",
        by=world.coordinator, now=BEFORE, children=[world.robin_row],
    )  # fmt: skip
    world.remark = Remark.objects.create(
        report=world.draft, participant=world.of.hazel, kind=RemarkKind.QUESTION, text="Which nine times?",
        guest_session_id=1, said_at=BEFORE,
    )  # fmt: skip
    file = StoredFile.objects.create(
        stored_as=uuid.uuid4(), original_name="Report.pdf", kind="pdf", size=1, sha256="0" * 64,
        uploaded_by=world.coordinator, uploaded_at=BEFORE, scan=Scan.CLEAN,
    )  # fmt: skip
    world.attachment = Attachment.objects.create(report=world.draft, file=file)
    social = begin_report(author=world.of.worker, by=world.worker, now=BEFORE)
    save_section(
        report=social, heading="current-risks", text="The police came.", nature="fact", by=world.worker, now=BEFORE
    )
    world.report = submit_report(report=social, by=world.worker, now=BEFORE, why_held="The children were hurt")
    Report.objects.filter(pk=world.report.pk).update(state=ReportState.SUBMITTED)
    Sharing.objects.create(
        report=world.report, person=world.hazel, outcome=SharingOutcome.SHARED, manner=SharingManner.TALKED_THROUGH,
        shared_at=BEFORE, recorded_by=world.worker, recorded_at=BEFORE,
    )  # fmt: skip
    Conference.objects.filter(pk=conference.pk).update(status=ConferenceStatus.CLOSED)
    world.earlier = prepare_document(
        conference=world.conference, kind=DocumentKind.MINUTES, by=world.coordinator, now=BEFORE
    )
    Document.objects.filter(pk=world.earlier.pk).update(
        state=DocumentState.SUPERSEDED, superseded_by=world.coordinator, superseded_at=NOW, superseded_because="Wrong"
    )
    world.documents = {
        kind: prepare_document(conference=world.conference, kind=kind, by=world.coordinator, now=NOW)
        for kind in (DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES)
    }
    release_document(document=world.documents["minutes"], by=world.chair, now=NOW)
    row = conference.children.select_related("conference", "child__person").get(pk=world.robin_row.pk)
    record_told(
        row=row, told_by="Amara Finch", told_on=NOW.date(), not_yet="What Dale did", by=world.worker, now=NOW,
        said={"more": Said(ToldState.TOLD, "You can ring us.")},
    )  # fmt: skip
    world.childs_letter = prepare_letter(row=row, by=world.worker, now=NOW)
    world.copy = Copy.objects.create(
        document=world.documents["minutes"], recipient=world.of.hazel, channel=Channel.BY_HAND,
        channel_confirmed="Asked her", sent_at=NOW, sent_by=world.coordinator, checksum="0" * 64,
    )  # fmt: skip
    world.pack = PrintPack.objects.create(
        document=world.documents["minutes"], made_by=world.coordinator, made_at=NOW, take_after=NOW
    )
    world.envelope = Envelope.objects.create(
        pack=world.pack, number=1, recipient=world.of.hazel, name="Hazel Brambley", channel=Channel.BY_HAND,
        channel_confirmed="Asked her", mark="ACDE", last_mark="ACD", sending_key=uuid.uuid4(),
    )  # fmt: skip
    world.format_asked = FormatAsked.objects.create(
        document=world.documents["minutes"], recipient=world.of.hazel, format=PaperFormat.TRANSLATED, language="Polish",
        asked_at=NOW, due_on=TODAY + datetime.timedelta(days=5),
    )  # fmt: skip
    world.dissent = lodge_dissent(
        conference=world.conference, participant=world.of.tutor, children=[world.robin_row], text="Too early",
        lodged_at=NOW, by=world.coordinator, now=NOW,
    )  # fmt: skip
    world.complaint = record_complaint(
        conference=world.conference, received_on=TODAY, described="A neighbour", about="The room",
        by=world.coordinator, now=NOW,
    )  # fmt: skip
    for kept, about in (("answered_complaint", "I had to wait"), ("complaint_further", "Nobody told me")):
        made = record_complaint(
            conference=world.conference, received_on=TODAY, participant=world.of.hazel, about=about,
            by=world.coordinator, now=NOW,
        )  # fmt: skip
        answered = answer_complaint(
            complaint=made, told_on=TODAY, outcome=ComplaintOutcome.IN_PART, answer="We are sorry", answered_on=TODAY,
            by=world.coordinator, now=NOW,
        )  # fmt: skip
        setattr(world, kept, answered)
    world.complaint_stage = take_complaint_further(
        complaint=world.complaint_further, because="No reason was given", asked_on=TODAY, by=world.chair, now=NOW
    )
    world.comment = MinutesComment.objects.create(
        document=world.documents["minutes"], participant=world.of.tutor, received_on=TODAY, text="Not so",
        recorded_by=world.coordinator, recorded_at=NOW,
    )  # fmt: skip


def _plans(world: SimpleNamespace) -> None:
    for decision in (world.robin_decision, world.wren_decision, world.baby_decision):
        follow_decision(decision, NOW)
        form_core_group(decision, NOW)
    plan_first_meeting(world.conference, NOW)
    world.plan = Plan.objects.get(child=world.robin, kind=PlanKind.CP)
    world.action = world.plan.actions.first()
    # Recorded as it would be while two managers act at once: the plan has not ended by it.
    world.ending = PlanEnding.objects.create(
        plan=world.plan, ground=EndedOutside.EIGHTEEN, adult_services="Asked", contact_wishes="None",
        decided_by=world.manager, decided_at=NOW,
    )  # fmt: skip
    change = Why(
        occasion=Occasion.BETWEEN, because=WhyChanged.BETTER_WAY, reason="It helps more", by=world.worker, now=NOW
    )
    for kind in PlanEntryKind:
        said = EntryWords(
            kind=kind, text=f"Said about {kind.label.lower()}", we_do="Ring the worker", who_else="Everyone"
        )
        add_to_plans(plans=[world.plan], words=said, why=change)
    world.visit = Visit.objects.create(
        plan=world.plan, made_at=NOW, made_by=world.worker, child_seen=False, recorded_by=world.worker, recorded_at=NOW
    )
    world.core_group = CoreGroup.objects.get(conference=world.conference)
    world.seat = world.core_group.members.order_by("pk").first()
    world.held = record_meeting(
        core_group=world.core_group, meeting=None, held_at=NOW,
        present=[world.seat, world.core_group.members.get(person__user=world.worker)], next_at=None, next_place="",
        by=world.worker, now=NOW,
    )  # fmt: skip
    world.member_to_tell = MemberToTell.objects.create(
        meeting=world.core_group.meetings.first(), member=world.seat, news="invitation", starts_at=NOW, because="No address",
        arose_at=NOW,
    )  # fmt: skip
    world.member_telling = MemberTelling.objects.create(
        to_tell=world.member_to_tell, outcome="not_reached", how="phone", at=NOW, told_by=world.worker,
        note="No answer", recorded_by=world.worker, recorded_at=NOW,
    )  # fmt: skip
    world.core_stop = raise_meeting_stop(
        meeting=world.held, child=world.core_group.plans.first().child, ground="said", said="Not tonight", by=world.worker, now=NOW,
    )  # fmt: skip
    world.core_observer = add_also_there(
        meeting=world.held, who=Newcomer(entered=EnteredWorker(given_name="Ottilie", family_name="Learner")),
        capacity="observer", reason="Learns the work", by=world.worker, now=NOW,
    )  # fmt: skip
    world.without_post = world.held.attendances.filter(superseded_at__isnull=True, member__post__isnull=True)[0]
    world.core_minutes = prepare_core_group_minutes(meeting=world.held, by=world.worker, now=NOW)
    world.plan_paper = prepare_plan_paper(plan=world.plan, by=world.worker, now=NOW)
    world.core_note = add_meeting_note(
        meeting=world.held, heading="current-risks", text="He was late", nature="fact", children=[world.robin],
        by=world.worker, now=NOW,
    )  # fmt: skip
    world.wording = {
        paper: PaperWording.objects.create(
            conference=world.conference, kind=paper, core_group_meeting=world.held if paper == "core_group" else None,
            entry="discussion:1", heading="current-risks", text="They spoke of school", edited_by=world.coordinator,
            edited_at=NOW,
        )
        for paper in ("minutes", "core_group")
    }  # fmt: skip
    world.cin_plan = PlanFactory(child=world.wren, kind=PlanKind.CIN, initial_category="", starts_on=TODAY)
    world.cin_consent = Consent.objects.create(
        plan=world.cin_plan, person=world.hazel, answer=Answer.NO, answered_on=TODAY, recorded_by=world.worker
    )
    world.consent_matter = ConsentMatter.objects.create(
        plan=world.cin_plan, consent=world.cin_consent, kind="refused", raised_by=world.worker, raised_at=NOW
    )
    world.mid_point = MidPointCheck.objects.create(
        plan=world.plan, counts_from=TODAY, actions_moving="no", groups_held="yes", child_seen="yes", drifting="yes",
        review_needed="not_clear", note="Little has changed", escalated=True, recorded_by=world.chair, recorded_at=NOW,
    )  # fmt: skip
    world.cin_member = CinMember.objects.create(plan=world.cin_plan, person=world.hazel, proposed_at=NOW)


def _requests(world: SimpleNamespace) -> None:
    world.request = ExclusionRequest.objects.create(
        conference=world.conference, participant=world.of.dale, ground=RequestGround.ASKED, reason="She is afraid",
        asked_by=world.worker, asked_for=world.hazel, asked_at=NOW,
    )  # fmt: skip
    world.companion = CompanionCheck.objects.create(
        participant=world.of.olive, ties="Her grandmother", asked_by=world.coordinator, asked_at=NOW
    )
    tutor = world.of.tutor
    world.asked = ConferenceRequest.objects.create(
        family=world.family, agency=tutor.agency, post=tutor.post, person=tutor.person, reply_to=tutor.email,
        asked_at=NOW, guest_session_id=1, grounds="She came with bruises", categories=["PHY"], police=Answer.YES,
        police_said="Ring Sergeant Wren", responsibility_said="Her mother", goes_on_from=None,
        policy_version_id=PolicyVersion.objects.get(authority=world.authority).pk,
    )  # fmt: skip
    world.asked.children.set([world.robin])
    world.wish = RequestedItem.objects.create(
        request=world.asked, kind=AskedKind.KEEP_OUT, words="Her father threatened her"
    )
    asked_with = ConferenceRequest.objects.create(
        family=world.family, conference=world.conference, recorded_by=world.worker, asked_at=NOW,
        grounds="She is afraid", responsibility=Answer.NO, responsibility_said="Her father has it too",
    )  # fmt: skip
    asked_with.children.set([world.robin])
    RequestedItem.objects.create(request=asked_with, kind=AskedKind.KEEP_OUT, person=world.dale, words="He hit her")
    RequestedItem.objects.create(request=asked_with, kind=AskedKind.COMER, post=tutor.post, words="Knows her well")
    world.stop = SafetyStop.objects.create(
        conference=world.conference, conference_child=world.wren_row, ground=StopGround.SAID, said="Not tonight",
        raised_by=world.coordinator, raised_at=NOW, action="She stays with an aunt", action_by="Amara Finch",
        action_when="now", settled_by=world.chair, settled_at=NOW,
    )  # fmt: skip
    world.risk = ContactRisk.objects.create(
        person=world.dale, ground="court_order", detail="An order of the court", recorded_by=world.worker,
        recorded_at=NOW, starts_on=TODAY,
    )  # fmt: skip
    world.risk.children.set([world.robin])
    world.transfer = TransferIn.objects.create(
        family=world.family, child=world.robin, notified_on=TODAY, from_authority="Westmere Council",
        policy_version_id=PolicyVersion.objects.get(authority=world.authority).pk, told_by="Their key worker",
        recorded_by=world.worker, recorded_at=NOW,
    )  # fmt: skip
    _moves_away(world)
    world.adoption = Adoption.objects.create(
        person=world.wren.person, adopted_by=AdoptedBy.FAMILY, ordered_on=TODAY, court="Family court, 26/17",
        source="The court", recorded_by=world.manager, recorded_at=NOW,
    )  # fmt: skip
    world.adoption.may_see.add(world.manager)


def _moves_away(world: SimpleNamespace) -> None:
    """Add that Robin moves to another council, whose worker the chair is asked about."""
    council = AgencyFactory(authority=world.authority, kind=AgencyKind.SOCIAL_CARE, name="Northmoor Council")
    post = PostFactory(
        agency=council, title="Social worker", person__authority=world.authority, person__given_name="Tarn",
        person__family_name="Fell", email="tarn@northmoor.example",
    )  # fmt: skip
    AgencyInvolvement.objects.create(child=world.robin, agency=council, post=post)
    world.transfer_out = TransferOut.objects.create(
        authority=world.authority, family=world.family, agency=council, told_on=TODAY, who_visits=WhoVisits.OURS,
        visits_agreed="Every ten working days", recorded_by=world.worker, recorded_at=NOW,
    )  # fmt: skip
    TransferredChild.objects.create(
        transfer=world.transfer_out, child=world.robin, plan=world.plan, stay=Stay.NOT_KNOWN
    )
    world.letter = CouncilLetter.objects.create(
        child=world.robin, kind=LetterKind.LEFT_UK, plan=world.plan, file=world.attachment.file,
        from_whom="Their manager", dated_on=TODAY, recorded_by=world.worker, recorded_at=NOW,
    )  # fmt: skip
    world.travel = TravelAbroad.objects.create(
        plan=world.plan, where_to="Porto", with_whom="Her mother", leaves_on=TODAY, back_on=TODAY, agreed=Agreed.NO,
        because="A wedding", recorded_by=world.worker, recorded_at=NOW,
    )  # fmt: skip
    world.of.successor = ask_for_later_recipient(
        conference=world.conference, post=post, children=[world.robin], because="Takes over", by=world.worker, now=NOW
    )


def _corrections(world: SimpleNamespace) -> None:
    """Add wrong entries that wait for someone to agree."""
    world.correction = DecisionCorrection.objects.create(
        decision=world.wren_decision, reason="A slip of the pen", outcome=Outcome.CIN_PLAN, rationale="Enough",
        asked_by=world.coordinator, asked_at=NOW,
    )  # fmt: skip
    world.explanation = Explanation.objects.create(
        decision=Decision.objects.get(conference_child=world.robin_row, superseded_by=None), person=world.hazel,
        told_by=world.coordinator, told_on=TODAY, understood="We get help", recorded_by=world.coordinator, recorded_at=NOW,
    )  # fmt: skip
    said = BoardEntry.objects.filter(conference=world.conference).first()
    about = {
        "from_child": world.robin, "to_child": world.wren, "reason": "It was her", "asked_by": world.worker,
        "asked_at": NOW, "needs_agreement": True, "family": world.family,
    }  # fmt: skip
    world.move = EntryMove.objects.create(
        kind=EntryKind.BOARD, entry_id=said.pk, conference=world.conference, from_record=world.robin_row.pk, **about
    )  # fmt: skip
    world.plan_move = EntryMove.objects.create(
        kind=EntryKind.ACTION, entry_id=world.action.pk, from_record=world.plan.pk, **about
    )
    world.to_tell = CorrectionToTell.objects.create(
        document=world.earlier, recipient=world.of.hazel, move=world.move, since=NOW
    )


def _around(world: SimpleNamespace) -> None:
    """Add what belongs to the council rather than to the family."""
    world.administrator = user_with_role(Role.ADMINISTRATOR, authority=world.authority)
    world.policy_draft = start_draft(authority=world.authority, by=world.administrator, now=NOW)
    world.recount = Recount.objects.create(
        authority=world.authority, version=PolicyVersion.objects.get(authority=world.authority), at=NOW,
        by=world.administrator, reason="Changed",
    )  # fmt: skip
    world.message = MessageFactory(
        authority=world.authority, family_id=world.family.pk, person_id=world.martin.pk,
        conference_id=world.conference.pk, calendar_file="BEGIN:VCALENDAR",
    )  # fmt: skip
    world.closed_day = ClosedDay.objects.create(
        authority=world.authority, day=datetime.date(2027, 1, 4), name="Moving house",
        added_by=world.administrator, added_at=NOW,
    )  # fmt: skip
    world.elsewhere = AuthorityFactory(name="Westmere Council")
    policy_in_force(world.elsewhere)


def _referred(world: SimpleNamespace) -> None:
    """Add an allegation that the social worker referred, and what came of it."""
    world.referral = Referral.objects.create(
        authority=world.authority, family=world.family, child=world.robin, known_on=TODAY, made_by=world.worker,
        made_at=NOW, policy_version_id=PolicyVersion.objects.get(authority=world.authority).pk,
    )  # fmt: skip
    ReferralText.objects.create(
        referral=world.referral, about_name="A coach", threshold=Threshold.RISK, what="He shouted",
        happened="In October", recorded_by=world.worker, recorded_at=NOW,
    )  # fmt: skip
    world.referral_step = ReferralStep.objects.create(
        referral=world.referral, kind=StepKind.ADVICE, on=TODAY, note="Watch him",
        recorded_by=world.actors["designated officer"], recorded_at=NOW,
    )  # fmt: skip


def _incident(world: SimpleNamespace) -> None:
    world.incident = Incident.objects.create(
        authority=world.authority, family=world.family, kind=IncidentKind.OPENED, paper="A letter", aware_at=NOW,
        happened="It came back opened", who_has_it="A neighbour", recorded_by=world.worker, recorded_at=NOW,
        policy_version_id=PolicyVersion.objects.get(authority=world.authority).pk,
    )  # fmt: skip
    world.concerned = PersonConcerned.objects.create(
        incident=world.incident, person=world.hazel, at_risk=False, because="Her illness", added_by=world.worker,
        added_at=NOW,
    )  # fmt: skip
    world.incident_step = IncidentStep.objects.create(
        incident=world.incident, kind=incidents.StepKind.BACK, on=TODAY, note="The neighbour gave it back",
        recorded_by=world.worker, recorded_at=NOW,
    )  # fmt: skip


def _watched(world: SimpleNamespace) -> None:
    """Add a past break-glass access, list checks, holds, bundles and disposal proposals."""
    by, then = world.actors, NOW - datetime.timedelta(days=3)
    world.glass = BreakGlassFactory(family=world.family, user=by["other chair"], opened_at=then)
    world.conflict = ConflictOfInterestFactory(family=world.family, user=UserFactory(), declared_by=world.manager)
    world.alert = SafetyAlert.objects.create(
        person=world.dale, kind=SafetyAlertKind.DOG, starts_on=TODAY, recorded_by=world.worker, recorded_at=NOW
    )
    world.merge = PersonMerge.objects.create(
        kept=world.martin, merged=PersonFactory(authority=world.authority, given_name="Martin"), reason="The same man",
        proposed_by=world.manager, proposed_at=NOW,
    )  # fmt: skip
    FamilyMemberFactory(family=world.family, person=world.merge.merged)
    world.role = RoleAssignment.objects.get(user=world.worker)
    world.proposal = RoleProposal.objects.create(
        user=by["custodian"], authority=world.authority, role=Role.CHAIR, starts_on=TODAY,
        proposed_by=UserFactory(), proposed_at=NOW,
    )  # fmt: skip
    world.change = AccountProposal.objects.create(
        user=by["custodian"], authority=world.authority, kind=AccountChange.STEPS, was=by["custodian"].email,
        why="A lost telephone", proposed_by=UserFactory(), proposed_at=NOW,
    )  # fmt: skip
    world.device = EnrolledDevice.objects.create(
        authority=world.authority, name="Laptop 3", made_by=by["administrator"], made_at=NOW, code_hash="0" * 64,
        code_until=NOW, ends_at=NOW + datetime.timedelta(days=1),
    )  # fmt: skip
    world.late = LateEntry.objects.create(
        conference=world.conference, kind="attendance", once_key=str(uuid.uuid4()), device=world.device,
        typed_by=world.coordinator, typed_at=NOW, arrived_at=NOW, participant=world.of.martin,
        part=world.sitting.parts.first(), presence="present", state="waits", waits_because="Scores were shown",
    )  # fmt: skip
    world.named_second = SecondPerson.objects.create(
        user=by["custodian"], authority=world.authority, starts_on=TODAY, why="Keeps the list",
        named_by=by["service manager"], named_at=NOW,
    )  # fmt: skip
    world.work_left = WorkOfPost.objects.create(
        post=world.of.gp.post,
        family=world.family,
        kind="conference",
        row_id=world.of.gp.pk,
        what=f"Conference {world.conference.reference}",
        left_at=NOW,
        left_by=world.coordinator,
    )
    world.deputy = Deputy.objects.create(
        participant=world.of.visitor, given_name="Ida", family_name="Lark", title="Nurse", email="ida@trust.example",
        named_at=NOW, named_by=UserFactory(),
    )  # fmt: skip
    world.untold = ToTell.objects.create(
        conference=world.conference,
        participant=world.of.martin,
        occasion="cancelled",
        because="No address",
        arose_at=NOW,
    )
    world.telling = Telling.objects.create(
        to_tell=world.untold, outcome="not_reached", how="phone", at=NOW, told_by=world.worker, note="No answer",
        recorded_by=world.worker, recorded_at=NOW,
    )  # fmt: skip
    world.said = SaidByGuest.objects.create(
        participant=world.of.martin, guest_session_id=0, said_at=NOW, needs=["reading"], text="Letters are hard"
    )
    world.stand_in = StandInFactory(conference=world.conference)
    world.check = check_list(
        authority=world.authority, asked=Asked(name="Robin Brambley"), caller_name="Sergeant Wren",
        caller_agency="Police", caller_phone="", known_by="in_person", why="A call at night", form_key=uuid.uuid4(),
        by=by["duty worker"], now=NOW, today=TODAY,
    )  # fmt: skip
    world.hold = LegalHold.objects.create(
        family=world.family, ground=HoldGround.INQUIRY, why="An inquiry", set_by=by["service manager"], set_at=NOW
    )
    world.disposal = Disposal.objects.create(
        family=world.family, rule="keep-child-other", kept_until=TODAY, why="Its time is over", proposed_at=NOW,
        proposed_by=user_with_role(Role.SERVICE_MANAGER, authority=world.authority), policy_number=1,
        policy_version_id=PolicyVersion.objects.get(authority=world.authority).pk,
    )  # fmt: skip
    world.disclosure = Disclosure.objects.create(
        authority=world.authority, family=world.family, person=world.robin.person, kind=DisclosureKind.COURT,
        recipient="The family court", asked_on=TODAY, covers="Everything", basis="An order", prepared_at=NOW,
        prepared_by=world.coordinator, court_reference="FC-1",
    )  # fmt: skip


def _my_views(world: SimpleNamespace) -> None:
    """Add what Hazel handed in before the meeting: words of danger, and words that the chair released to Martin."""
    form = MyViewsForm.objects.create(
        conference=world.conference, person=world.hazel, questions="adult", begun_at=BEFORE, number=1
    )
    sent = HandIn.objects.create(
        form=form, number=1, questions="adult", way="own_page", help="alone", guest_session_id=1, recorded_at=BEFORE
    )
    world.my_answer = AnswerOfMyViews.objects.create(
        hand_in=sent, position=1, question="going-well", asked="What goes well at home?", kind="words",
        given="answered", text="We sing. He hits me.",
    )  # fmt: skip
    world.my_views = form
    world.danger = DangerSign.objects.create(hand_in=sent, noticed_at=BEFORE)
    world.danger.answers.add(world.my_answer)
    world.passage = ReleasedPassage.objects.create(
        answer=world.my_answer, text="We sing.", recipient=world.of.martin, released_by=world.chair, released_at=BEFORE
    )


def _named_in_addresses(world: SimpleNamespace) -> None:
    """Look up once the rows that appear only in URLs, and nowhere else in the tests."""
    world.known_to = AgencyInvolvement.objects.filter(agency__authority=world.authority).first()
    world.membership = FamilyMember.objects.get(family=world.family, person=world.martin)
    world.agenda_item = world.conference.agenda.first()
    world.entry = BoardEntry.objects.filter(conference=world.conference).first()
    world.outlined = OutlineAction.objects.filter(conference=world.conference).first()
    world.agreed, _ = OutlineEntry.objects.get_or_create(
        conference=world.conference, kind="contingency", text="Dale comes to the school", we_do="Ring the police",
        who_else="School", created_by=world.coordinator, defaults={"created_at": NOW},
    )  # fmt: skip
    world.plan_action, world.group_meeting = world.plan.actions.standing().first(), world.core_group.meetings.first()


# Everyone who could try, by their relation to the family, with the role they sign in with; None for those who sign in
# another way or not at all.
ACTORS: dict[str, Role | None] = {
    "own social worker": Role.SOCIAL_WORKER,
    "social worker, same team": Role.SOCIAL_WORKER,
    "social worker, same team, the grandmother": Role.SOCIAL_WORKER,
    "social worker, other team": Role.SOCIAL_WORKER,
    "social worker, other team, named": Role.SOCIAL_WORKER,
    "own team manager": Role.TEAM_MANAGER,
    "other team manager": Role.TEAM_MANAGER,
    "own chair": Role.CHAIR,
    "other chair": Role.CHAIR,
    "own coordinator": Role.COORDINATOR,
    "other coordinator": Role.COORDINATOR,
    "service manager": Role.SERVICE_MANAGER,
    "custodian": Role.CUSTODIAN,
    "duty worker": Role.DUTY_WORKER,
    "administrator": Role.ADMINISTRATOR,
    "auditor": Role.AUDITOR,
    "designated officer": Role.DESIGNATED_OFFICER,
    "data protection officer": Role.DATA_PROTECTION,
    "invited professional": Role.PROFESSIONAL,
    "other professional": Role.PROFESSIONAL,
    "social worker elsewhere": Role.SOCIAL_WORKER,
    "coordinator elsewhere": Role.COORDINATOR,
    "service manager elsewhere, with all roles": Role.SERVICE_MANAGER,
    "guest, mother": None,
    "guest, father of one child": None,
    "guest, professional": None,
    "signed out": None,
}
OWN = {
    "own social worker": "worker",
    "own team manager": "manager",
    "own chair": "chair",
    "own coordinator": "coordinator",
    "administrator": "administrator",
}
GUESTS = {"guest, mother": "hazel", "guest, father of one child": "martin", "guest, professional": "gp"}


def actors(world: SimpleNamespace) -> dict[str, User]:
    """Return the people of ``ACTORS`` who have an account."""
    here, there = world.authority, world.elsewhere
    teams = {"same": world.team, "other": TeamFactory(authority=here), "elsewhere": TeamFactory(authority=there)}
    found: dict[str, User] = {}
    for who, role in ACTORS.items():
        if who in OWN:
            found[who] = getattr(world, OWN[who])
        elif role:
            where = next((place for place in teams if place in who), "other")
            team = teams[where] if role in TEAM_ROLES else None
            authority = there if where == "elsewhere" else here
            found[who] = user_with_role(role, authority=authority, team=team)
    for role in set(Role) - {Role.SERVICE_MANAGER}:
        RoleAssignmentFactory(
            user=found["service manager elsewhere, with all roles"], authority=there, role=role,
            team=teams["elsewhere"] if role in TEAM_ROLES else None,
        )  # fmt: skip
    _is(world.of.tutor.person, found["invited professional"])
    _is(world.olive, found["social worker, same team, the grandmother"])
    return found


def _is(person: Person, user: User) -> None:
    person.user = user
    person.save()


def visitor(world: SimpleNamespace, who: str) -> Client:
    """Return a browser in which a person is signed in, or has come in through their link."""
    client = Client()
    if who in world.actors:
        client.force_login(world.actors[who])
    elif who in GUESTS:
        _come_in(client, getattr(world.of, GUESTS[who]))
    return client


def _come_in(client: Client, participant: Participant) -> None:
    """Mark the browser as if the guest had opened their link and entered the code."""
    link = issue_link(participant=participant, sitting=participant.conference.sittings.get(), now=NOW)
    if link is None:
        raise AssertionError("This participant does not come by a link.")
    until, cookie = NOW + datetime.timedelta(minutes=10), f"cookie {uuid.uuid4()}"
    code = GuestCode.objects.create(
        link=link, asker_hash=hash_of(f"asker {cookie}"), sent_to=link.sent_to, asked_at=NOW, expires_at=until,
        used_at=NOW,
    )  # fmt: skip
    GuestSession.objects.create(link=link, code=code, token_hash=hash_of(cookie), started_at=NOW, last_seen_at=NOW)
    client.cookies[COOKIE] = cookie


def restrict(world: SimpleNamespace) -> None:
    """Restrict the case to named people: one social worker of another team, and the team's manager."""
    restrict_family(
        family=world.family, named=[world.actors["social worker, other team, named"], world.manager],
        why="A colleague is related", by=world.manager, now=NOW,
    )  # fmt: skip
    world.naming = NamedForFamily.objects.get(family=world.family, user=world.manager)
    world.known_addresses = {}


def is_about_the_family(name: str) -> bool:
    """Return whether the URL is about one family, its people, conference or plan."""
    app, _, page = name.partition(":")
    return (app in ABOUT_A_FAMILY and page not in ABOUT_MANY) or name in {"deadlines:deadline", "deadlines:timeline"}


ABOUT_A_FAMILY = frozenset(
    {
        "families",
        "conferences",
        "meetings",
        "conference_plans",
        "conference_core_groups",
        "reports",
        "plans",
        "core_groups",
        "core_group_minutes",
        "plan_papers",
        "my_views",
        "guest_meeting",
        "guest_answers",
        "guest_my_views",
        "guest_papers",
        "guest_core_group",
        "guest_core_group_papers",
        "records",
        "transfers",
        "chronology",
        "allegations",
        "incidents",
    }
)
ABOUT_MANY = frozenset(
    {
        "agencies",
        "add-to-directory",
        "change-agency",
        "end-agency",
        "workers",
        "worker",
        "change-worker",
        "end-worker",
        "families",
        "search",
        "create-family",
        "conferences",
        "who-runs",
        "family-feedback",
        "complaints",
        "rooms",
        "room-directions",
        "my-invitations",
        "my-requests",
        "ask-as-agency",
        "plans",
        "review-cases",
        "see-disposals",
        "see-disclosures",
        "audit",
        "see-list",
        "export-list",
        "check-list",
        "list-checks",
        "find-case",
        "glass-reviews",
        "leavers",
        "sealed",
        "withdraw-adoption",
        "merges",
        "referrals",
        "incidents",
    }
)


@cache
def _addresses() -> dict[str, tuple[str, ...]]:
    """Return every URL of the site by its name, with its parameters."""

    def walk(
        found: list[URLPattern | URLResolver], namespace: str, parts: tuple[str, ...]
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        for pattern in found:
            own = (*parts, *pattern.pattern.regex.groupindex)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, pattern.namespace or namespace, own)
            else:
                yield f"{namespace}:{pattern.name}" if namespace else str(pattern.name), own

    return dict(walk(get_resolver().url_patterns, "", ()))


def address_names() -> list[str]:
    """Return the name of every URL of the site."""
    return list(_addresses())


def numbers_of(world: SimpleNamespace, name: str) -> dict[str, Any]:
    """Return what the URL's parameters mean in this world: its family, conference, plan and so on."""
    app, _, page = name.partition(":")
    own = {
        "families": world.family.pk,
        "conferences": world.conference.pk,
        "meetings": world.conference.pk,
        "my_views": world.conference.pk,
        "conference_plans": world.conference.pk,
        "conference_core_groups": world.conference.pk,
        "reports": world.conference.pk,
        "plans": world.plan.pk,
        "core_groups": world.core_group.pk,
        "core_group_minutes": world.core_group.pk,
        "plan_papers": world.plan.pk,
        "notifications": world.message.pk,
        "records": world.family.pk,
        "transfers": world.family.pk,
        "chronology": world.family.pk,
        "allegations": world.family.pk,
        "incidents": world.family.pk,
    }
    found: dict[str, Any] = {
        "pk": own.get(app),
        "person_pk": world.hazel.pk,
        "form_pk": world.my_views.pk,
        "answer_pk": world.my_answer.pk,
        "passage_pk": world.passage.pk,
        "sign_pk": world.danger.pk,
        "added_pk": world.robin.pk,
        "child_pk": world.robin.pk if app == "plans" else world.robin_row.pk,
        "pregnancy_pk": world.baby.pregnancy_id,
        "risk_pk": world.risk.pk,
        "enquiry_pk": world.robin_row.enquiry_id,
        "transfer_pk": world.transfer.pk,
        "conference_pk": world.conference.pk,
        "concerned_pk": world.concerned.pk,
        "late_pk": world.late.pk,
        "participant_pk": world.of.martin.pk,
        "request_pk": world.request.pk,
        "asked_pk": world.asked.pk,
        "wish_pk": world.wish.pk,
        "said_pk": world.said.pk,
        "room_pk": world.sitting.room_id or 0,
        "stop_pk": world.stop.pk,
        # The meeting of those who do not sit apart.
        "sitting_pk": 0,
        "item_pk": world.agenda_item.pk,
        "visit_pk": world.visit.pk,
        "entry_pk": world.action.pk if app == "plans" else world.entry.pk,
        "action_pk": world.action.pk if app == "plans" else world.outlined.pk,
        "author_pk": world.of.tutor.pk,
        "section_pk": world.section.pk,
        "remark_pk": world.remark.pk,
        "attachment_pk": world.attachment.pk,
        "dissent_pk": world.dissent.pk,
        "complaint_pk": (world.answered_complaint if "further" in page else world.complaint).pk,
        "stage_pk": world.complaint_stage.pk,
        "comment_pk": world.comment.pk,
        "document_pk": world.documents["minutes"].pk,
        "recipient_pk": world.of.martin.pk,
        "number": 1,
        "digits": "12464f",
        "table": "timeliness",
        "secret": "x" * 43,
        "key": "initial-conference",
        "uidb36": "1",
        "user_pk": world.worker.pk,
        "runner_pk": world.chair.pk,
        "day": TODAY.isoformat(),
        "post_pk": world.role.pk,
        "adoption_pk": world.adoption.pk,
        "travel_pk": world.travel.pk,
        "ending_pk": world.ending.pk,
        "letter_pk": world.letter.pk,
        "step_pk": world.referral_step.pk,
        "naming_pk": getattr(world, "naming", world.role).pk,
        "conflict_pk": world.conflict.pk,
        "alert_pk": world.alert.pk,
        "deputy_pk": world.deputy.pk,
        "work_pk": world.work_left.pk,
        "stand_in_pk": world.stand_in.pk,
        "to_tell_pk": world.untold.pk,
        # Nothing is held in this world.
        "message_pk": 0,
        "telling_pk": world.telling.pk,
        "token": "x" * 43,
        "provider_id": "no-directory",
        "report_pk": world.report.pk,
        "copy_pk": world.copy.pk,
        "pack_pk": world.pack.pk,
        "envelope_pk": world.envelope.pk,
        "format_pk": world.format_asked.pk,
        "correction_pk": world.correction.pk,
        "explanation_pk": world.explanation.pk,
        "move_pk": world.plan_move.pk if app == "plans" else world.move.pk,
        "kind": "action" if app == "plans" else "board",
        "row_pk": world.action.pk if app == "plans" else world.to_tell.pk,
        "consent_pk": world.cin_consent.pk,
        "check_pk": world.mid_point.pk,
        # No visits are further apart than the ceiling here.
        "longer_pk": 0,
        "matter_pk": world.consent_matter.pk,
        "proposed_pk": world.cin_member.pk,
        "earlier": 1,
        "later": 2,
        "member_pk": world.seat.pk,
        "plan_pk": world.plan.pk,
        "note_pk": world.core_note.pk,
        "seat_pk": world.without_post.pk,
        "also_pk": world.core_observer.pk,
        "meeting_pk": world.group_meeting.pk,
    }
    if found["pk"] is None:
        found["pk"] = world.worker.pk if app == "users" else 0
    special: dict[str, dict[str, Any]] = {
        "conferences:disagree-as-agency": {"pk": world.asked.pk},
        "deadlines:deadline": {"pk": world.deadline.pk},
        "deadlines:timeline": {"pk": world.family.pk},
        "deadlines:take-back-day": {"pk": world.closed_day.pk},
        "deadlines:recount": {"pk": world.recount.pk},
        "deadlines:change-policy-group": {"slug": "the-day"},
        **{f"families:{page}": {"pk": world.of.gp.post_id} for page in ("worker", "change-worker", "end-worker")},
        **{f"families:{page}-agency": {"pk": world.of.gp.post.agency_id} for page in ("change", "end")},
        "families:mark-whereabouts": {"kind": "agency", "row_pk": world.known_to.pk},
        "families:end-record": {"kind": "membership", "row_pk": world.membership.pk},
        "conferences:my-invitation": {"pk": world.of.tutor.pk},
        "meetings:score": {"participant_pk": world.of.hazel.pk},
        "meetings:record-view": {"participant_pk": world.of.worker.pk},
        **{
            f"plans:{page}": {"pk": world.cin_plan.pk}
            for page in (
                "record-cin-review",
                "record-consent",
                "take-back-consent",
                "decide-consent",
                "settle-member",
                "propose-member",
                "set-visits",
                "end-cin-plan",
            )
        },
        **{f"core_groups:{page}": {"meeting_pk": world.held.pk} for page in OF_A_HELD_MEETING},
        **{f"meetings:{page}": {"entry_pk": world.agreed.pk} for page in ("change-agreed", "take-out-agreed")},
        "core_groups:move-entry": {"meeting_pk": world.held.pk, "kind": "note", "entry_pk": world.core_note.pk},
        **{
            f"core_groups:{page}": {"meeting_pk": world.held.pk, "stop_pk": world.core_stop.pk}
            for page in ("settle-stop", "call-a-break")
        },
        "core_groups:record-telling": {"to_tell_pk": world.member_to_tell.pk},
        "core_groups:take-back-telling": {"telling_pk": world.member_telling.pk},
        **{
            f"core_group_minutes:{page}": {"meeting_pk": world.held.pk, "document_pk": world.core_minutes.pk}
            for page in ("minutes", "prepare", "release", "send-back", "copy-pdf", *CIRCULATION)
        },
        **{
            f"core_group_minutes:{page}": {
                "meeting_pk": world.held.pk,
                "entry": f"board:{world.core_note.pk}:text",
                "row_pk": world.wording["core_group"].pk,
            }
            for page in ("wording", "mend-wording", "write-discussion", "change-discussion", "take-out-discussion")
        },
        **{
            f"reports:{page}": {
                "slug": "minutes",
                "entry": f"action:{world.outlined.pk}:what",
                "row_pk": world.wording["minutes"].pk,
            }
            for page in ("wording", "mend-wording", "write-discussion", "change-discussion", "take-out-discussion")
        },
        "reports:put-in-short": {"slug": "minutes"},
        **{
            f"plan_papers:{page}": {"document_pk": world.plan_paper.pk, "person_pk": world.hazel.pk}
            for page in ("paper", "prepare", "release", "send-back", "copy-pdf", *CIRCULATION)
        },
        **{
            f"plan_papers:{page}": {"entry": f"action:{world.plan_action.pk}:text"}
            for page in ("wording", "mend-wording")
        },
        **{key: {"key": "going-well"} for key in ("my_views:write-answer", "guest_my_views:question")},
        "reports:agree-report": {"author_pk": world.of.worker.pk},
        **{f"reports:{page}": {"document_pk": world.childs_letter.pk} for page in OF_A_CHILDS_LETTER},
        "reports:release": {"document_pk": world.documents["decisions_letter"].pk},
        "reports:send-back": {"document_pk": world.documents["decisions_letter"].pk},
        "reports:decisions-letter-pdf": {"document_pk": world.documents["decisions_letter"].pk},
        "notifications:acknowledge-notice": {"pk": world.notice.pk},
        "users:settle-role": {"pk": world.proposal.pk},
        "users:end-second-person": {"pk": world.named_second.pk},
        "users:revoke-device": {"pk": world.device.pk},
        "users:settle-change": {"pk": world.change.pk},
        "families:record-legal-status": {"person_pk": world.robin.person_id},
        "families:hand-over": {"pk": world.worker.pk},
        "families:merge": {"pk": world.merge.pk},
        "families:settle-merge": {"pk": world.merge.pk},
        "families:propose-merge": {"person_pk": world.dale.pk},
        "families:record-adoption": {"person_pk": world.robin.person_id},
        "families:seal-adopted": {"person_pk": world.wren.person_id},
        "families:review-glass": {"pk": world.glass.pk},
        "conferences:childs-device": {"participant_pk": world.of.robin.pk},
        "conferences:accept-companion": {"participant_pk": world.of.olive.pk},
        "conferences:confirm-deputy": {"participant_pk": world.of.visitor.pk},
        "conferences:end-deputy": {"participant_pk": world.of.visitor.pk},
        **{key: {"participant_pk": world.of.gp.pk} for key in GUEST_LINKS},
        **{f"transfers:{page}": {"transfer_pk": world.transfer_out.pk} for page in OF_A_TRANSFER_OUT},
        "transfers:hand-over-paper": {"transfer_pk": world.transfer_out.pk, "kind": "plan"},
        "transfers:receive-paper": {"kind": "plan"},
        "allegations:refer-from-conference": {"pk": world.conference.pk},
        **{f"incidents:{page}": {"pk": world.incident.pk} for page in OF_AN_INCIDENT},
        "incidents:withdraw-step": {"pk": world.incident.pk, "step_pk": world.incident_step.pk},
        **{f"allegations:{page}": {"pk": world.referral.pk} for page in OF_A_REFERRAL},
        "reports:release-later": {"recipient_pk": world.of.successor.pk},
        "plans:list-check": {"pk": world.check.pk},
        "plans:choose-child": {"pk": world.check.pk},
        "records:lift-hold": {"pk": world.hold.pk},
        **{key: {"pk": world.disposal.pk} for key in ("records:settle-disposal", "records:certificate-pdf")},
        **{key: {"pk": world.disclosure.pk} for key in BUNDLES},
    }
    if page.startswith(("policy-draft", "change-policy", "put-policy", "set-policy")):
        found["pk"] = world.policy_draft.pk
    if app == "conferences" and page in {pattern.name for pattern in of_a_family}:
        found["pk"] = world.family.pk
    return {**found, **special.get(name, {})}


CIRCULATION = (
    "circulation", "copy-became", "print-pack", "print-pack-file", "envelopes-file", "take-envelope-out",
)  # fmt: skip
OF_A_HELD_MEETING = (
    "meeting", "change-attendance", "record-progress", "add-note", "find-note", "move-to-heading", "change-note",
    "withdraw-note", "record-score", "show-scores", "explore-scores", "ask-child", "open-turn", "own-answers",
    "own-danger", "raise-stop", "safety", "changed", "send-late", "add-action", "change-action", "change-seat",
    "mark-seat", "remove-from-meeting", "let-back-in", "someone-else-came", "change-also-there",
    "ask-about-observer", "statements", "begin-break", "end-break", "own-changed",
)  # fmt: skip
GUEST_LINKS = tuple(
    f"conferences:{page}"
    for page in ("guest-link", "close-guest-link", "send-new-link", "show-who-comes", "name-deputy")
)
OF_A_CHILDS_LETTER = (
    "release-childs-letter",
    "send-back-childs-letter",
    "hand-over-childs-letter",
    "childs-letter-pdf",
)
OF_A_TRANSFER_OUT = (
    "transfer", "answer", "who-visits", "ask-for-papers", "letters-of-transfer", "see-history", "see-as-it-was",
)  # fmt: skip
OF_AN_INCIDENT = (
    "incident", "add-person", "decide-telling", "record-told", "close-links", "decide-regulator", "record-step",
    "withdraw", "close", "see-history", "see-as-it-was",
)  # fmt: skip
OF_A_REFERRAL = ("referral", "take-on", "correct", "record-step", "withdraw-step", "put-in-bundle")
BUNDLES = tuple(
    f"records:{page}"
    for page in (
        "disclosure",
        "decide-pieces",
        "submit-disclosure",
        "check-disclosure",
        "bundle-file",
        "preview-bundle",
        "hand-over-bundle",
        "withdraw-disclosure",
        "cover-sealed",
    )
)


def address_of(world: SimpleNamespace, name: str) -> str:
    """Return the URL of a page about this world's family, or of the council's own page; each is put together once."""
    known: dict[str, str] = vars(world).setdefault("known_addresses", {})
    if name not in known:
        numbers = numbers_of(world, name)
        known[name] = reverse(name, kwargs={part: numbers[part] for part in _addresses()[name]})
    return known[name]
