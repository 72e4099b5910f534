from __future__ import annotations

from django.urls import URLPattern, path

from reports.views import (
    childs_letters,
    circulation,
    complaints,
    copies,
    corrections,
    files,
    formats,
    history,
    manager_approval,
    minutes,
    misfiled_entries,
    objections,
    own_reading,
    papers,
    remarks,
    reports,
    sending_back,
    sharing,
    short_reports,
    wording,
    write_report,
)

app_name = "reports"

AUTHOR = "<int:pk>/papers/<int:author_pk>"
DOCUMENT = "<int:pk>/minutes/<int:document_pk>"
WORDING = "<int:pk>/minutes/wording/<slug:slug>"
LETTER = "<int:pk>/minutes/children/<int:child_pk>"
OF_LETTER = "<int:pk>/minutes/letters/<int:document_pk>"
COMPLAINT = "<int:pk>/minutes/complaints/<int:complaint_pk>"
COPY = f"{DOCUMENT}/copies/<int:recipient_pk>"
PACK = f"{DOCUMENT}/circulation/packs/<int:pack_pk>"
ENVELOPE = f"{PACK}/envelopes/<int:envelope_pk>"

urlpatterns: list[URLPattern] = [
    path("invitations/<int:pk>/reports/", own_reading.reading, name="own-reading"),
    path("invitations/<int:pk>/reports/<int:report_pk>/", own_reading.read_others_report, name="others-report"),
    path("<int:pk>/formats/<int:format_pk>/", formats.see_format, name="see-format"),
    path("<int:pk>/papers/", papers.papers, name="papers"),
    path("<int:pk>/papers/go-on/", papers.go_on, name="go-on-without"),
    path(f"{AUTHOR}/", reports.read_report, name="read-report"),
    path(f"{AUTHOR}/sections/<int:section_pk>/move/", misfiled_entries.move_section, name="move-section"),
    path("<int:pk>/minutes/to-tell/<int:row_pk>/", corrections.tell_of_correction, name="tell-of-correction"),
    path(f"{AUTHOR}/history/", history.see_report_history, name="see-report-history"),
    path(f"{AUTHOR}/as-it-was/", history.see_report_as_it_was, name="see-report-as-it-was"),
    path(f"{AUTHOR}/agree/", manager_approval.agree_to_report, name="agree-report"),
    path(f"{AUTHOR}/write/", write_report.write_report, name="write-report"),
    path(f"{AUTHOR}/files/add/", files.attach, name="attach-file"),
    path(f"{AUTHOR}/files/<int:attachment_pk>/", files.open_file, name="open-file"),
    path(f"{AUTHOR}/files/<int:attachment_pk>/take-out/", files.take_out, name="withdraw-file"),
    path(f"{AUTHOR}/files/<int:attachment_pk>/readers/", files.file_readers, name="file-readers"),
    path(f"{AUTHOR}/files/<int:attachment_pk>/readers/<int:person_pk>/", files.check_for_reader, name="check-file"),
    path(f"{AUTHOR}/submit/", write_report.check_report, name="submit-report"),
    path(f"{AUTHOR}/short/", short_reports.write_short, name="short-report"),
    path(f"{AUTHOR}/short/pages/", short_reports.see_short, name="see-short-report"),
    path(f"{AUTHOR}/short/<int:person_pk>/short-report.pdf", short_reports.short_pdf, name="short-report-pdf"),
    path(f"{AUTHOR}/remarks/", remarks.see_remarks, name="remarks"),
    path(f"{AUTHOR}/remarks/<int:remark_pk>/", remarks.answer, name="answer-remark"),
    path(f"{AUTHOR}/new-version/", reports.new_version, name="new-version"),
    path(f"{AUTHOR}/for/<int:person_pk>/", reports.read_version, name="read-version"),
    path(f"{AUTHOR}/for/<int:person_pk>/report.pdf", reports.version_pdf, name="version-pdf"),
    path(f"{AUTHOR}/for/<int:person_pk>/record/", sharing.share_report, name="record-sharing"),
    path("<int:pk>/minutes/", minutes.see_minutes, name="minutes"),
    path(f"{LETTER}/", childs_letters.see_letter, name="childs-letter"),
    path(f"{LETTER}/told/", childs_letters.tell, name="tell-child"),
    path(f"{LETTER}/prepare/", childs_letters.prepare, name="prepare-childs-letter"),
    path(f"{OF_LETTER}/release/", childs_letters.release, name="release-childs-letter"),
    path(f"{OF_LETTER}/send-back/", sending_back.send_childs_letter_back, name="send-back-childs-letter"),
    path(f"{OF_LETTER}/hand-over/", childs_letters.hand_over, name="hand-over-childs-letter"),
    path(f"{OF_LETTER}/letter.pdf", childs_letters.letter_pdf, name="childs-letter-pdf"),
    path("<int:pk>/minutes/dissents/lodge/", objections.lodge, name="lodge-dissent"),
    path("<int:pk>/minutes/dissents/<int:dissent_pk>/answer/", objections.answer, name="answer-dissent"),
    path("<int:pk>/minutes/comments/add/", objections.comment, name="comment-on-minutes"),
    path("<int:pk>/minutes/comments/<int:comment_pk>/settle/", objections.settle, name="settle-comment"),
    path("complaints/", complaints.complaints, name="complaints"),
    path("<int:pk>/minutes/complaints/add/", complaints.complain, name="record-complaint"),
    path(f"{COMPLAINT}/answer/", complaints.follow_complaint, name="answer-complaint"),
    path(f"{COMPLAINT}/further/", complaints.take_further, name="take-complaint-further"),
    path(
        "<int:pk>/minutes/complaints/stages/<int:stage_pk>/answer/",
        complaints.answer_later_stage,
        name="answer-complaint-stage",
    ),
    path(
        "<int:pk>/minutes/decisions-letter/prepare/", minutes.prepare_decisions_letter, name="prepare-decisions-letter"
    ),
    path("<int:pk>/minutes/prepare/", minutes.prepare_minutes, name="prepare-minutes"),
    path(f"{WORDING}/", wording.see_wording, name="wording"),
    path(f"{WORDING}/mend/<str:entry>/", wording.mend, name="mend-wording"),
    path(f"{WORDING}/reports/<int:report_pk>/", wording.in_short, name="put-in-short"),
    path(f"{WORDING}/discussion/", wording.discuss, name="write-discussion"),
    path(f"{WORDING}/discussion/<int:row_pk>/", wording.discuss_again, name="change-discussion"),
    path(f"{WORDING}/discussion/<int:row_pk>/take-out/", wording.take_out, name="take-out-discussion"),
    path(f"{DOCUMENT}/send-back/", sending_back.send_paper_back, name="send-back"),
    path(f"{DOCUMENT}/legal-planning/", sending_back.tell_of_legal_planning, name="legal-planning"),
    path(f"{DOCUMENT}/release/", minutes.release, name="release"),
    path(f"{DOCUMENT}/sign-off/", minutes.sign_off, name="sign-off"),
    path(f"{COPY}/decisions-letter.pdf", copies.decisions_letter_pdf, name="decisions-letter-pdf"),
    path(f"{COPY}/minutes.pdf", copies.minutes_pdf, name="minutes-pdf"),
    path(f"{COPY}/release/", copies.release_later, name="release-later"),
    path(f"{DOCUMENT}/circulation/", circulation.OF_CONFERENCE["circulation"], name="circulation"),
    path(f"{DOCUMENT}/circulation/copies/<int:copy_pk>/", circulation.OF_CONFERENCE["copy-became"], name="copy-became"),
    path(f"{PACK}/", circulation.OF_CONFERENCE["print-pack"], name="print-pack"),
    path(f"{PACK}/pages.pdf", circulation.OF_CONFERENCE["print-pack-file"], name="print-pack-file"),
    path(f"{PACK}/envelopes.pdf", circulation.OF_CONFERENCE["envelopes-file"], name="envelopes-file"),
    path(f"{ENVELOPE}/", circulation.OF_CONFERENCE["take-envelope-out"], name="take-envelope-out"),
]
