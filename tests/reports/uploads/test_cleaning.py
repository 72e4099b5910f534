"""What a file says about itself stays behind; where hidden text would go with it, it is refused."""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pytest
from PIL import Image

from reports.uploads.cleaning import HIDDEN_TEXT
from reports.uploads.file_types import KINDS, RefusedFileError
from reports.uploads.inspect_file import kind_of
from reports.uploads.sandbox import without_metadata
from tests.reports.uploads import made

MARK = "Shazia-Wing-MARKER"


def with_author(document: pikepdf.Pdf) -> None:
    document.docinfo["/Author"] = MARK
    with document.open_metadata() as about:
        about["dc:creator"] = [MARK]
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], T=MARK, M="D:20261201", Contents="See"
    )
    document.pages[0].obj["/Annots"] = document.make_indirect(pikepdf.Array([document.make_indirect(note)]))


def unpacked(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def test_a_pdf_loses_its_author_and_dates_and_still_opens():
    content = made.pdf(with_author)
    assert MARK.encode() in content or MARK in str(pikepdf.open(io.BytesIO(content)).docinfo)
    clean = without_metadata(content, KINDS["pdf"])
    assert kind_of(clean).key == "pdf"
    with pikepdf.open(io.BytesIO(clean)) as document:
        assert "/Info" not in document.trailer or not dict(document.docinfo).get("/Author")
        assert "/Metadata" not in document.Root
        assert all(MARK not in str(value) for found in document.objects for value in [found])


def test_a_word_file_loses_its_author_and_dates_and_still_opens():
    core = f"<cp:coreProperties xmlns:cp='x'><creator>{MARK}</creator></cp:coreProperties>"
    content = made.docx({"docProps/core.xml": core})
    assert MARK.encode() in unpacked(content)
    clean = without_metadata(content, KINDS["docx"])
    assert MARK.encode() not in unpacked(clean)
    assert kind_of(clean).key == "docx"


def test_an_opendocument_text_loses_its_author_and_still_opens():
    meta = f"<office:document-meta xmlns:office='x'><office:meta>{MARK}</office:meta></office:document-meta>"
    clean = without_metadata(made.odt({"meta.xml": meta}), KINDS["odt"])
    assert MARK.encode() not in unpacked(clean)
    assert kind_of(clean).key == "odt"


@pytest.mark.parametrize("part", ["word/comments.xml", "word/commentsExtended.xml"])
def test_comments_of_a_word_file_are_refused(part):
    with pytest.raises(RefusedFileError) as refusal:
        without_metadata(made.docx({part: "<w:comments xmlns:w='x'>hidden</w:comments>"}), KINDS["docx"])
    assert str(refusal.value) == HIDDEN_TEXT


@pytest.mark.parametrize("mark", ["<w:del w:id='1'/>", "<w:ins w:id='1'>x</w:ins>", "<w:rPr><w:vanish/></w:rPr>"])
def test_tracked_changes_and_hidden_text_are_refused(mark):
    body = f"<w:document xmlns:w='x'>{mark}</w:document>"
    with pytest.raises(RefusedFileError) as refusal:
        without_metadata(made.docx({"word/footer1.xml": body}), KINDS["docx"])
    assert str(refusal.value) == HIDDEN_TEXT


def test_tracked_changes_of_an_opendocument_text_are_refused():
    with pytest.raises(RefusedFileError) as refusal:
        without_metadata(made.odt(more="<text:tracked-changes xmlns:text='x'/>"), KINDS["odt"])
    assert str(refusal.value) == HIDDEN_TEXT


def test_a_picture_loses_what_the_camera_wrote():
    about = Image.Exif()
    about[0x013B] = MARK
    content = made.picture("JPEG", exif=about)
    assert MARK.encode() in content
    clean = without_metadata(content, KINDS["jpeg"])
    assert MARK.encode() not in clean
    assert kind_of(clean).key == "jpeg"
