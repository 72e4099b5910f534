"""Models for papers: reports and documents, who each was sent to, and objections raised afterwards."""

from reports.models.answers import PassageComment, ReadReceipt, Remark
from reports.models.childs_letters import ChildTold, LetterHandover, ToldPassage
from reports.models.circulation import CopyNews, Envelope, PrintPack
from reports.models.corrections import CorrectionToTell
from reports.models.file_checks import FileCheck
from reports.models.files import Attachment, AttachmentChild, StoredFile
from reports.models.formats import FormatAsked
from reports.models.laid_out_papers import LaidOutPaper
from reports.models.objections import (
    Complaint,
    ComplaintStage,
    LodgedDissent,
    LodgedDissentChild,
    MinutesComment,
    MinutesCommentChild,
)
from reports.models.papers import Copy, Document, DocumentSettledFor
from reports.models.progress import GoneOnWithout, GoneOnWithoutMissing, PaperProgress
from reports.models.reports import Report, ReportSection, ReportSectionChild, ReportSectionPrivateTo, Sharing
from reports.models.short_reports import ShortPassage, ShortPassageChild, ShortPassagePrivateTo
from reports.models.wording import PaperWording

__all__ = [
    "Attachment",
    "AttachmentChild",
    "ChildTold",
    "Complaint",
    "ComplaintStage",
    "Copy",
    "CopyNews",
    "CorrectionToTell",
    "Document",
    "DocumentSettledFor",
    "Envelope",
    "FileCheck",
    "FormatAsked",
    "GoneOnWithout",
    "GoneOnWithoutMissing",
    "LaidOutPaper",
    "LetterHandover",
    "LodgedDissent",
    "LodgedDissentChild",
    "MinutesComment",
    "MinutesCommentChild",
    "PaperProgress",
    "PaperWording",
    "PassageComment",
    "PrintPack",
    "ReadReceipt",
    "Remark",
    "Report",
    "ReportSection",
    "ReportSectionChild",
    "ReportSectionPrivateTo",
    "Sharing",
    "ShortPassage",
    "ShortPassageChild",
    "ShortPassagePrivateTo",
    "StoredFile",
    "ToldPassage",
]
