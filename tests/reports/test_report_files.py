from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import ProgrammingError, transaction
from django.db.utils import InternalError
from django.test import Client
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from reports.enums import ReportState, Scan
from reports.models import Attachment, Report, StoredFile
from reports.services.files import HARMFUL, MOST_FILES, attach_file, scan_waiting_files, withdraw_attachment
from reports.services.reports import begin_report, submit_report
from reports.uploads import office, storing
from reports.uploads.inspect_file import EMPTY, TOO_LARGE
from tests.factories import AuthorityFactory, user_with_role
from tests.reports.story import BEFORE
from tests.reports.test_write_report import as_visitor, in_, signed_in, url
from tests.reports.uploads import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before", "kept_files")]

PDF = made.pdf()
MACROS = made.docx({"word/vbaProject.bin": b"macro"})


def attached(ahead: SimpleNamespace, content: bytes = PDF, author: str = "tutor", **changes) -> Attachment:
    facts = {"name": "Report.pdf", "by": ahead.coordinator, "now": BEFORE, "children": [ahead.robin_row]}
    return attach_file(author=getattr(ahead.of, author), content=content, **{**facts, **changes})


def sent(content: bytes = PDF, name: str = "Report.pdf", children: tuple[object, ...] = ("all",)) -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, content, content_type="text/html"), "children": list(children)}


def kept_in(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


# Services


def test_a_file_is_stored_under_a_random_name_and_its_own_name_kept_as_data(ahead, kept_files):
    attachment = attached(ahead, name="../../Robin Brambley.pdf")
    row = attachment.file
    assert (row.original_name, row.kind, row.size, row.scan, row.uploaded_by) == (
        "Robin Brambley.pdf", "pdf", len(PDF), Scan.NOT_ASKED, ahead.coordinator,
    )  # fmt: skip
    assert kept_in(kept_files) == [row.stored_as.hex]
    assert storing.get(row.stored_as) == PDF
    assert list(attachment.children.all()) == [ahead.robin_row]
    assert (attachment.report.state, attachment.report.author) == (ReportState.DRAFT, ahead.of.tutor)


def test_other_accounts_on_the_machine_cannot_read_the_file(ahead, kept_files):
    attached(ahead)
    (path,) = (path for path in kept_files.rglob("*") if path.is_file())
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_missing_or_changed_file_is_found(ahead, kept_files, capsys):
    attached(ahead)
    call_command("verify_files")
    assert capsys.readouterr().out == "1 files checked, 0 missing or changed.\n"
    file = StoredFile.objects.get()
    for content, said in ((b"Something else", "changed"), (None, "missing")):
        storing.drop(file.stored_as)
        if content:
            storing.put(content, file.stored_as)
        with pytest.raises(SystemExit):
            call_command("verify_files")
        assert capsys.readouterr().out == f"file {file.pk}: {said}\n1 files checked, 1 missing or changed.\n"


def test_the_same_file_uploaded_twice_is_kept_once(ahead, kept_files):
    assert attached(ahead) == attached(ahead, name="Again.pdf")
    assert len(kept_in(kept_files)) == 1


def test_a_refused_file_leaves_nothing_behind(ahead, kept_files):
    with pytest.raises(ValidationError) as refusal:
        attached(ahead, MACROS)
    assert refusal.value.message_dict == {"file": [office.ACTIVE]}
    assert (kept_in(kept_files), StoredFile.objects.count(), Report.objects.count()) == ([], 0, 0)


@pytest.mark.parametrize("name", ["Report.exe", "Report.pdf.exe", "Report", "Report.docx", "Report\u202efdp.exe"])
def test_a_name_with_another_types_extension_is_refused(ahead, kept_files, name):
    with pytest.raises(ValidationError, match=r"The file is a PDF, but its name does not end with \.pdf\."):
        attached(ahead, name=name)
    assert kept_in(kept_files) == []


def test_a_file_for_a_submitted_report_leaves_nothing_behind(ahead, kept_files):
    in_(ahead)
    with pytest.raises(ValidationError):
        attached(ahead)
    assert kept_in(kept_files) == []


def test_a_child_of_another_conference_is_refused(ahead, kept_files):
    ahead.wren_row.withdrawn_at = BEFORE
    with pytest.raises(ValidationError) as refusal:
        attached(ahead, children=[ahead.wren_row])
    assert refusal.value.message_dict == {"children": ["Choose children of this conference."]}
    assert kept_in(kept_files) == []


def test_the_number_of_files_in_a_report_is_limited(ahead):
    for number in range(MOST_FILES):
        attached(ahead, made.pdf(lambda document, number=number: document.docinfo.update({"/N": str(number)})))
    with pytest.raises(ValidationError, match="20 files in this report already"):
        attached(ahead)


def test_a_report_may_consist_of_one_file(ahead):
    report = attached(ahead).report
    assert submit_report(report=report, by=ahead.coordinator, now=BEFORE).state == ReportState.SUBMITTED


def test_a_new_version_carries_over_the_files(ahead):
    first, second = attached(ahead), attached(ahead, made.picture(), name="Page.jpeg")
    withdraw_attachment(attachment=second, because="Not theirs", by=ahead.coordinator, now=BEFORE)
    submit_report(report=first.report, by=ahead.coordinator, now=BEFORE)
    new = begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE, new_because="More came")
    assert [(row.file, list(row.children.all())) for row in new.attachments.all()] == [(first.file, [ahead.robin_row])]


def test_a_file_withdrawn_from_a_submitted_report_leaves_every_version(ahead):
    first = attached(ahead)
    submit_report(report=first.report, by=ahead.coordinator, now=BEFORE)
    begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE, new_because="More came")
    done = withdraw_attachment(attachment=first, because="Another family's", by=ahead.coordinator, now=BEFORE)
    assert done == withdraw_attachment(attachment=first, because="Again", by=ahead.chair, now=BEFORE)
    assert set(Attachment.objects.values_list("withdrawn_by", "withdrawn_because", "withdrawn_at")) == {
        (ahead.coordinator.pk, "Another family's", BEFORE)
    }


def test_a_file_withdrawn_from_a_draft_stays_in_the_submitted_version(ahead):
    first = attached(ahead)
    submit_report(report=first.report, by=ahead.coordinator, now=BEFORE)
    new = begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE, new_because="More came")
    withdraw_attachment(attachment=new.attachments.get(), because="Replaced", by=ahead.coordinator, now=BEFORE)
    first.refresh_from_db()
    assert first.withdrawn_at is None


def test_withdrawing_needs_a_reason(ahead):
    with pytest.raises(ValidationError) as refusal:
        withdraw_attachment(attachment=attached(ahead), because=" ", by=ahead.coordinator, now=BEFORE)
    assert refusal.value.message_dict == {"because": ["Say why the file is taken out."]}


@pytest.mark.parametrize("change", [{"original_name": "x"}, {"sha256": "x"}, {"kind": "odt"}, {"size": 1}])
def test_the_facts_of_a_file_cannot_be_changed(ahead, change):
    attached(ahead)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        StoredFile.objects.update(**change)


# The scanner


@pytest.fixture
def away(settings):
    settings.CLAMAV_URL = "tcp://127.0.0.1:9"


def test_a_file_cannot_be_opened_while_the_scanner_is_away(ahead, away, settings):
    attachment = attached(ahead)
    assert attachment.file.scan == Scan.WAITING
    client = signed_in(ahead.coordinator)
    answer = client.get(url(ahead, "open-file", "tutor", attachment.pk))
    assert answer.status_code == 409
    assert "The virus scanner has not checked it yet" in answer.content.decode()
    assert PDF not in answer.content
    page = client.get(url(ahead, "attach-file")).content.decode()
    assert ("Not yet scanned" in page, f'href="{url(ahead, "open-file", "tutor", attachment.pk)}"' in page) == (
        True,
        False,
    )
    assert scan_waiting_files(now=BEFORE) == 0
    settings.CLAMAV_URL = ""
    assert scan_waiting_files(now=BEFORE) == 1
    assert client.get(url(ahead, "open-file", "tutor", attachment.pk)).status_code == 200


def test_a_file_found_harmful_later_stays_closed_and_its_bytes_are_deleted(
    ahead, away, kept_files, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    attachment = attached(ahead)
    monkeypatch.setattr("reports.services.files.scan", lambda content: Scan.FOUND)
    with django_capture_on_commit_callbacks(execute=True), caplog.at_level("WARNING"):
        assert scan_waiting_files(now=BEFORE) == 1
    assert ["harmful_file_found" in line for line in caplog.messages] == [True]
    assert kept_in(kept_files) == []
    answer = signed_in(ahead.coordinator).get(url(ahead, "open-file", "tutor", attachment.pk))
    assert (answer.status_code, "found something harmful" in answer.content.decode()) == (409, True)


def test_a_file_found_harmful_at_once_is_not_stored(ahead, kept_files, monkeypatch):
    monkeypatch.setattr("reports.services.files.scan", lambda content: Scan.FOUND)
    with pytest.raises(ValidationError) as refusal:
        attached(ahead)
    assert refusal.value.message_dict == {"file": [HARMFUL]}
    assert kept_in(kept_files) == []


# Pages


def test_a_file_is_added_in_the_browser(ahead):
    answer = signed_in(ahead.coordinator).post(url(ahead, "attach-file"), sent(children=(ahead.robin_row.pk,)))
    assert (answer.status_code, answer.url) == (302, url(ahead, "attach-file"))
    assert list(Attachment.objects.get().children.all()) == [ahead.robin_row]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("Report.pdf", b""), EMPTY),
        (SimpleUploadedFile("Report.pdf", MACROS), office.ACTIVE),
        (SimpleUploadedFile("Report.pdf", b"x" * (20 * 1024 * 1024 + 1)), TOO_LARGE),
        (None, "Choose a file"),
    ],
)
def test_a_refused_file_shows_why_and_the_ticks_stay(ahead, file, words):
    data = {"children": [str(ahead.robin_row.pk)], **({"file": file} if file else {})}
    answer = signed_in(ahead.coordinator).post(url(ahead, "attach-file", "police"), data)
    assert answer.context["form"].errors == {"file": [words]}
    page = answer.content.decode()
    assert f'value="{ahead.robin_row.pk}" checked' in page or f'checked value="{ahead.robin_row.pk}"' in page
    assert not StoredFile.objects.exists()


def test_a_file_is_served_only_as_a_download(ahead):
    attachment = attached(ahead, made.docx(), name="Robin Brambley.DOCX")
    answer = signed_in(ahead.coordinator).get(url(ahead, "open-file", "tutor", attachment.pk))
    assert answer.content == storing.get(attachment.file.stored_as)
    assert {name: answer[name] for name in (
        "Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control",
    )} == {
        "Content-Type": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Content-Disposition": f'attachment; filename="report-file-{attachment.pk}.docx"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        "Cache-Control": "private, no-store",
    }  # fmt: skip


def test_opening_a_file_is_in_the_read_log(ahead):
    attachment = attached(ahead)
    signed_in(ahead.coordinator).get(url(ahead, "open-file", "tutor", attachment.pk))
    event = AccessEvent.objects.get(subject="Attachment")
    assert (event.user, event.kind, event.subject_id, event.family_ids, event.page) == (
        ahead.coordinator, ReadKind.EXPORT, attachment.pk, [ahead.family.pk], "reports:open-file",
    )  # fmt: skip


def test_a_withdrawn_file_cannot_be_opened(ahead):
    attachment = attached(ahead)
    client = signed_in(ahead.coordinator)
    answer = client.post(url(ahead, "withdraw-file", "tutor", attachment.pk), {"because": "Another family's"})
    assert (answer.status_code, answer.url) == (302, url(ahead, "read-report"))
    assert client.get(url(ahead, "open-file", "tutor", attachment.pk)).status_code == 404


def test_the_page_for_withdrawing_asks_for_a_reason(ahead):
    attachment = attached(ahead)
    answer = signed_in(ahead.coordinator).post(url(ahead, "withdraw-file", "tutor", attachment.pk), {"because": " "})
    assert answer.context["form"].errors == {"because": ["Say why the file is taken out"]}


def test_the_report_shows_its_files(ahead):
    attachment = attached(ahead, name="Robin <b>Brambley</b>.pdf")
    submit_report(report=attachment.report, by=ahead.coordinator, now=BEFORE)
    page = signed_in(ahead.chair).get(url(ahead, "read-report")).content.decode()
    assert "Robin &lt;b&gt;Brambley&lt;/b&gt;.pdf" not in page
    assert "b&gt;.pdf" in page
    assert url(ahead, "open-file", "tutor", attachment.pk) in page


def test_family_members_do_not_get_files(ahead):
    report = in_(ahead)
    Attachment.objects.create(report=report, file=attached(ahead, author="police").file)
    address = reverse("reports:read-version", args=[ahead.conference.pk, ahead.of.tutor.pk, ahead.hazel.pk])
    page = signed_in(ahead.coordinator).get(address).content.decode()
    assert ("Files came with this report" in page, "Report.pdf" in page, "/files/" in page) == (True, False, False)


# Refusals


def test_files_open_for_writers_of_a_draft_and_readers_once_submitted(ahead):
    attachment = attached(ahead)
    elsewhere = AuthorityFactory()
    users = {
        "worker": ahead.worker,
        "manager": ahead.manager,
        "coordinator": ahead.coordinator,
        "chair": ahead.chair,
        "worker of another team": user_with_role(Role.SOCIAL_WORKER, authority=ahead.authority),
        "another chair": user_with_role(Role.CHAIR, authority=ahead.authority),
        "custodian": user_with_role(Role.CUSTODIAN, authority=ahead.authority),
        "duty worker": user_with_role(Role.DUTY_WORKER, authority=ahead.authority),
        "administrator": user_with_role(Role.ADMINISTRATOR, authority=ahead.authority),
        "auditor": user_with_role(Role.AUDITOR, authority=ahead.authority),
        "coordinator elsewhere": user_with_role(Role.COORDINATOR, authority=elsewhere),
        "chair elsewhere": user_with_role(Role.CHAIR, authority=elsewhere),
    }

    def let_in(name: str) -> list[str]:
        address = url(ahead, name, "tutor", attachment.pk)
        return [what for what, user in users.items() if signed_in(user).get(address).status_code != 404]

    assert (let_in("open-file"), let_in("withdraw-file")) == (["coordinator"], ["coordinator"])
    submit_report(report=attachment.report, by=ahead.coordinator, now=BEFORE)
    assert let_in("open-file") == ["worker", "manager", "coordinator", "chair"]
    assert let_in("withdraw-file") == ["coordinator"]


def test_a_professional_opens_only_the_files_of_their_own_report(ahead):
    client = as_visitor(ahead)
    own, other = attached(ahead, author="visitor"), attached(ahead)
    submit_report(report=other.report, by=ahead.coordinator, now=BEFORE)
    assert client.get(url(ahead, "open-file", "visitor", own.pk)).status_code == 200
    assert client.get(url(ahead, "open-file", "tutor", other.pk)).status_code == 404
    assert client.get(url(ahead, "open-file", "visitor", other.pk)).status_code == 404


def test_a_professional_of_one_child_names_only_that_child(ahead):
    ahead.of.visitor.children.set([ahead.wren_row])
    answer = as_visitor(ahead).post(url(ahead, "attach-file", "visitor"), sent(children=(ahead.robin_row.pk,)))
    assert answer.context["form"].errors == {"children": ["Choose one of the answers shown"]}


def test_a_file_is_found_only_under_its_own_report_and_conference(ahead):
    attachment = attached(ahead)
    client = signed_in(ahead.coordinator)
    assert client.get(url(ahead, "open-file", "police", attachment.pk)).status_code == 404
    away = reverse("reports:open-file", args=[ahead.conference.pk + 1, ahead.of.tutor.pk, attachment.pk])
    assert client.get(away).status_code == 404


def test_files_of_a_replaced_version_cannot_be_opened(ahead):
    attachment = attached(ahead)
    submit_report(report=attachment.report, by=ahead.coordinator, now=BEFORE)
    new = begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE, new_because="More came")
    submit_report(report=new, by=ahead.coordinator, now=BEFORE)
    client = signed_in(ahead.coordinator)
    carried = new.attachments.get()
    assert client.get(url(ahead, "open-file", "tutor", attachment.pk)).status_code == 404
    assert client.get(url(ahead, "open-file", "tutor", carried.pk)).status_code == 200


def test_signed_out_users_are_sent_to_sign_in(ahead):
    attachment = attached(ahead)
    for address in (
        url(ahead, "attach-file"),
        url(ahead, "open-file", "tutor", attachment.pk),
        url(ahead, "withdraw-file", "tutor", attachment.pk),
    ):
        assert Client().get(address).url == f"/account/sign-in/?next={address}"


def test_no_url_leads_to_the_storage_folder(ahead, settings):
    attachment = attached(ahead)
    name = attachment.file.stored_as.hex
    client = signed_in(ahead.coordinator)
    tried = [f"/{start}{name[:2]}/{name}" for start in ("media/", "attachments/", "static/", "static/attachments/")]
    assert [client.get(address).status_code for address in tried] == [404] * len(tried)
