"""A file reaches a member of the family whole, cleaned, and only after two people looked at it for that reader."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from conferences.models import Participant
from deadlines.to_decide import to_decide
from reports.models import FileCheck
from reports.services.file_checks import check_file
from reports.services.files import attach_file, withdraw_attachment
from reports.services.reports import submit_report
from tests.conferences import guests
from tests.factories import user_with_role
from tests.reports.story import BEFORE
from tests.reports.test_guest_papers import share
from tests.reports.uploads import made
from tests.reports.uploads.test_cleaning import MARK, with_author

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before", "kept_files")]


def handed_in(ahead, name="gp", children=None, content=None):
    attachment = attach_file(
        author=getattr(ahead.of, name), content=content or made.pdf(with_author), name="Report.pdf",
        by=ahead.coordinator, now=BEFORE, children=children if children is not None else [ahead.robin_row],
        proposal="whole",
    )  # fmt: skip
    report = submit_report(report=attachment.report, by=ahead.coordinator, now=BEFORE, received_by="post")
    return report, attachment


def check(ahead, attachment, by, person="dale", answer="may", reason=""):
    return check_file(
        attachment=attachment, person=getattr(ahead, person), answer=answer, reason=reason, by=by, now=BEFORE
    )


def browser(ahead, name):
    client, row = Client(), getattr(ahead.of, name)
    Participant.objects.filter(pk=row.pk).update(email=f"{name}@home.example")
    row.refresh_from_db()
    guests.let_in(client, row, sitting=ahead.conference.sittings.first())
    return client


def address(report, attachment):
    return f"/guest/papers/reports/{report.pk}/files/{attachment.pk}/"


def test_it_goes_out_cleaned_once_two_people_let_it_and_the_report_was_shared(ahead):
    report, attachment = handed_in(ahead)
    dale, hazel = browser(ahead, "dale"), browser(ahead, "hazel")
    share(ahead, report, ahead.dale)
    assert dale.get(address(report, attachment)).status_code == 404
    check(ahead, attachment, ahead.worker)
    assert dale.get(address(report, attachment)).status_code == 404
    check(ahead, attachment, ahead.coordinator)
    answer = dale.get(address(report, attachment))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "Report.pdf" not in answer["Content-Disposition"]
    assert MARK.encode() not in answer.content
    assert len(pikepdf.open(io.BytesIO(answer.content)).pages) == 1
    assert "File 1" in dale.get(f"/guest/papers/reports/{report.pk}/").content.decode()
    assert AccessEvent.objects.filter(
        kind=ReadKind.EXPORT, subject="Attachment", guest_person_id=ahead.dale.pk
    ).exists()
    # Not for anybody else.
    assert hazel.get(address(report, attachment)).status_code == 404


def test_it_closes_when_either_takes_it_back_or_it_is_taken_out(ahead):
    report, attachment = handed_in(ahead)
    dale = browser(ahead, "dale")
    share(ahead, report, ahead.dale)
    check(ahead, attachment, ahead.worker)
    check(ahead, attachment, ahead.coordinator)
    check(ahead, attachment, ahead.worker, answer="may_not", reason="Names the aunt")
    assert dale.get(address(report, attachment)).status_code == 404
    check(ahead, attachment, ahead.worker)
    assert dale.get(address(report, attachment)).status_code == 200
    withdraw_attachment(attachment=attachment, because="Wrong family", by=ahead.coordinator, now=BEFORE)
    assert dale.get(address(report, attachment)).status_code == 404


def test_it_does_not_go_where_the_report_was_not_shared(ahead):
    report, attachment = handed_in(ahead)
    dale = browser(ahead, "dale")
    check(ahead, attachment, ahead.worker)
    check(ahead, attachment, ahead.coordinator)
    assert dale.get(address(report, attachment)).status_code == 404


def test_a_file_about_another_child_too_is_never_shown_in_part(ahead):
    _, attachment = handed_in(ahead, children=[ahead.robin_row, ahead.wren_row])
    with pytest.raises(ValidationError, match="can’t be shown in part"):
        check(ahead, attachment, ahead.worker)
    assert check(ahead, attachment, ahead.worker, "hazel").answer == "may"


def test_one_person_does_not_look_for_both(ahead):
    _, attachment = handed_in(ahead)
    # Who coordinates now looked at it before as the case's worker.
    FileCheck.objects.create(
        attachment=attachment, person=ahead.dale, checker="worker", answer="may", by=ahead.coordinator, at=BEFORE
    )
    with pytest.raises(ValidationError, match="Someone else has to look too"):
        check(ahead, attachment, ahead.coordinator)
    other = user_with_role(Role.COORDINATOR, authority=ahead.authority)
    assert check(ahead, attachment, other).checker == "coordinator"


def test_keeping_it_back_says_why(ahead):
    _, attachment = handed_in(ahead)
    with pytest.raises(ValidationError) as refusal:
        check(ahead, attachment, ahead.worker, answer="may_not")
    assert refusal.value.message_dict == {"reason": ["Say why it may not reach them."]}


def test_nobody_else_lets_a_file_out(ahead):
    _, attachment = handed_in(ahead)
    with pytest.raises(ValidationError, match="Only the social worker and the coordinator"):
        check(ahead, attachment, user_with_role(Role.PROFESSIONAL, authority=ahead.authority))


def test_the_pages_of_staff(ahead, client):
    _, attachment = handed_in(ahead)
    here = f"/conferences/{ahead.conference.pk}/papers/{ahead.of.gp.pk}/"
    client.force_login(ahead.worker)
    assert "Who in the family may have it" in client.get(here).content.decode()
    readers = f"{here}files/{attachment.pk}/readers/"
    page = client.get(readers).content.decode()
    assert "The parents can have it as it is" in page
    assert "Waiting for the social worker and the coordinator" in page
    assert client.post(f"{readers}{ahead.dale.pk}/", {"answer": "may"}).url == readers
    assert "Waiting for the coordinator" in client.get(readers).content.decode()
    client.force_login(user_with_role(Role.PROFESSIONAL, authority=ahead.authority))
    assert client.get(readers).status_code == 404


def waits_for(ahead):
    return {
        key for user in (ahead.worker, ahead.coordinator) for _, key, *_ in to_decide(user) if key.startswith("file-")
    }


def test_it_waits_for_whoever_has_still_to_look(ahead):
    _, attachment = handed_in(ahead)
    assert waits_for(ahead) == {"file-worker", "file-coordinator"}
    check(ahead, attachment, ahead.worker)
    check(ahead, attachment, ahead.worker, "hazel")
    assert waits_for(ahead) == {"file-coordinator"}
    check(ahead, attachment, ahead.coordinator)
    check(ahead, attachment, ahead.coordinator, "hazel", answer="may_not", reason="Names the aunt")
    assert waits_for(ahead) == set()


def test_what_one_kept_back_needs_no_second_look_and_what_is_taken_out_none(ahead):
    _, attachment = handed_in(ahead)
    for person in ("dale", "hazel"):
        check(ahead, attachment, ahead.worker, person, answer="may_not", reason="Names the aunt")
    assert waits_for(ahead) == set()
    _, other = handed_in(ahead, "tutor")
    assert waits_for(ahead) == {"file-worker", "file-coordinator"}
    withdraw_attachment(attachment=other, because="Wrong family", by=ahead.coordinator, now=BEFORE)
    assert waits_for(ahead) == set()
