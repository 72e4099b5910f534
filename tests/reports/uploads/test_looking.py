from __future__ import annotations

import io
import zipfile
import zlib

import pikepdf
import pytest

from reports.uploads import office, pdf, pictures, sandbox
from reports.uploads.file_types import MAX_BYTES, MEGABYTE, OLE_START, RefusedFileError
from reports.uploads.inspect_file import EMPTY, OLD_OFFICE, TOO_LARGE, UNKNOWN, kind_of
from reports.uploads.names import clean_name
from reports.uploads.sandbox import look_into
from tests.reports.uploads import made


def refusal_of(content: bytes) -> str:
    with pytest.raises(RefusedFileError) as refusal:
        kind_of(content)
    return str(refusal.value)


def with_a_link(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://www.gov.uk/")
    document.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=action)])


def with_a_first_page(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Array([0]))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (made.pdf(), "pdf"),
        (made.pdf(with_a_link), "pdf"),
        (made.pdf(with_a_first_page), "pdf"),
        (made.docx(), "docx"),
        (made.linked("hyperlink", "https://www.gov.uk/"), "docx"),
        (made.odt(), "odt"),
        (made.odt(more='<text:a xlink:href="https://www.gov.uk/">here</text:a>'), "odt"),
        (made.picture("JPEG"), "jpeg"),
        (made.picture("JPEG", progressive=True, restart_marker_blocks=2), "jpeg"),
        (made.picture("PNG"), "png"),
        (made.docx({"word/media/image1.jpg": made.picture("JPEG")}), "docx"),
        (made.docx({"word/media/image1.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>'}), "docx"),
    ],
)
def test_a_harmless_file_is_recognised_by_its_content(content, kind):
    assert look_into(content).key == kind


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", EMPTY),
        (b" \n", EMPTY),
        (b"x" * (MAX_BYTES + 1), TOO_LARGE),
        (b"Dear chair, Robin was well.", UNKNOWN),
        (b"<html><script>alert(1)</script></html>", UNKNOWN),
        (b"GIF89a" + b"\0" * 50, UNKNOWN),
        (b"MZ" + b"\0" * 50, UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", UNKNOWN),
        (b" %PDF-1.7\n%%EOF", UNKNOWN),
        (OLE_START + b"\0" * 600, OLD_OFFICE),
        (made.packed({"setup.exe": b"not a document"}), office.NOT_TEXT),
    ],
)
def test_a_type_that_is_not_listed_is_refused_with_a_message(content, words):
    assert refusal_of(content) == words


def with_script(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_launch(document):
    document.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"))


def with_script_in_a_tree(document):
    action = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1"))
    document.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), action]))
    )


def with_a_form_that_is_sent(document):
    document.pages[0].Annots = pikepdf.Array(
        [pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=pikepdf.Dictionary(S=pikepdf.Name.SubmitForm))]
    )


def with_a_file(document):
    document.attachments["inside.exe"] = b"MZ"


def with_a_file_pinned_to_a_page(document):
    hidden = document.make_stream(b"MZ")
    file = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="a.exe", EF=pikepdf.Dictionary(F=hidden))
    pin = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, FS=file)
    document.pages[0].Annots = pikepdf.Array([pin])


def with_a_file_that_nothing_names(document):
    document.Root.Holds = pikepdf.Dictionary(EF=pikepdf.Dictionary(F=document.make_stream(b"MZ")))


def with_an_address_that_opens_by_itself(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://elsewhere.example/")


def with_an_address_after_the_first_page(document):
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.GoTo,
        D=pikepdf.Array([0]),
        Next=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://elsewhere.example/"),
    )


def with_an_address_that_opens_with_a_page(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://elsewhere.example/")
    document.pages[0].AA = pikepdf.Dictionary(O=action)


def with_an_xfa_form(document):
    document.Root.AcroForm = pikepdf.Dictionary(XFA="<xdp/>")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (made.pdf(with_script), pdf.ACTIVE),
        (made.pdf(with_launch), pdf.ACTIVE),
        (made.pdf(with_script_in_a_tree), pdf.ACTIVE),
        (made.pdf(with_script, object_stream_mode=pikepdf.ObjectStreamMode.generate), pdf.ACTIVE),
        (made.pdf(with_a_form_that_is_sent), pdf.ACTIVE),
        (made.pdf(with_a_file), pdf.HOLDS_FILES),
        (made.pdf(with_an_xfa_form), pdf.HOLDS_FILES),
        (made.pdf(with_a_file_pinned_to_a_page), pdf.HOLDS_FILES),
        (made.pdf(with_a_file_that_nothing_names), pdf.HOLDS_FILES),
        (made.pdf(with_an_address_that_opens_by_itself), pdf.ACTIVE),
        (made.pdf(with_an_address_after_the_first_page), pdf.ACTIVE),
        (made.pdf(with_an_address_that_opens_with_a_page), pdf.ACTIVE),
        (made.pdf(encryption=pikepdf.Encryption(owner="o", user="u")), pdf.ENCRYPTED),
        (made.pdf(encryption=pikepdf.Encryption(owner="o", user="")), pdf.ENCRYPTED),
        (made.pdf() + made.packed({"a": "b"}), pdf.DISGUISED),
        (made.pdf() + b"<script>alert(1)</script>", pdf.DISGUISED),
        (made.pdf().replace(b"\n", b"\n%<html><body>\n", 1), pdf.DISGUISED),
        (b"%PDF-1.7\nnothing", pdf.DISGUISED),
        (b"%PDF-1.7\nnothing\n%%EOF", pdf.BROKEN),
    ],
)
def test_a_pdf_may_be_only_pages_to_read(content, words):
    assert refusal_of(content) == words


TEMPLATE = made.RELATIONS.format(
    kind="attachedTemplate", target="https://elsewhere.example/evil.dotm", mode=' TargetMode="External"'
)
MACROS = '<Override PartName="/word/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (made.docx({"word/vbaProject.bin": b"macro"}), office.ACTIVE),
        (made.docx({"word/VBAPROJECT.BIN": b"macro"}), office.ACTIVE),
        (made.docx(more_types=MACROS), office.ACTIVE),
        (made.docx({"word/activeX/activeX1.xml": "<a/>"}), office.ACTIVE),
        (made.docx({"word/embeddings/oleObject1.bin": b"x"}), office.ACTIVE),
        (made.docx({"word/embeddings/sheet.xlsx": b"x"}), office.HOLDS_FILES),
        (made.docx({"word/media/image1.png": OLE_START}), office.HOLDS_FILES),
        (made.docx({"word/media/image1.png": made.packed({"a": "b"})}), office.HOLDS_FILES),
        (made.docx(more_text="<w:object/>"), office.HOLDS_FILES),
        (made.linked("attachedTemplate", "https://elsewhere.example/evil.dotm"), office.LINKED),
        (made.docx({"word/_rels/settings.xml.RELS": TEMPLATE}), office.LINKED),
        (made.docx({"word/settings.dat": TEMPLATE}), office.LINKED),
        (made.docx({"word/part.dat": '<w:p xmlns:w="w"><w:object/></w:p>'}), office.HOLDS_FILES),
        (made.docx({"word/part.dat": '<w:p xmlns:w="w"><w:object/></w:p>'.encode("utf-16")}), office.BROKEN),
        (made.docx({"word/media/image1.jpg": made.picture_with_a_place()}), office.SAYS_WHERE),
        (made.odt({"Pictures/1.jpg": made.picture_with_a_place()}), office.SAYS_WHERE),
        (made.linked("image", "\\\\elsewhere.example\\share\\x.png"), office.LINKED),
        (made.linked("frame", "http://elsewhere.example/"), office.LINKED),
        (made.linked("hyperlink", "file:///c:/windows/system32/cmd.exe"), office.LINKED),
        (made.linked("oleObject", "https://elsewhere.example/x.xlsx"), office.ACTIVE),
        (made.docx(more_text="<w:r><w:instrText>DDEAUTO c:\\cmd</w:instrText></w:r>"), office.LINKED),
        (
            made.docx(more_text="<w:r><w:instrText>DD</w:instrText><w:instrText>E c:\\cmd</w:instrText></w:r>"),
            office.LINKED,
        ),
        (made.docx(more_text='<w:fldSimple w:instr="INCLUDETEXT http://elsewhere.example/x"/>'), office.LINKED),
        (made.docx(more_text='<w:fldSimple w:instr="LINK Word.Document.8 http://elsewhere.example/x"/>'), office.LINKED),
        (made.docx({"word/extra.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), office.BROKEN),
        (made.docx({"word/extra.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")}), office.BROKEN),
        (made.docx({"../../etc/cron.d/x": b"x"}), office.BROKEN),
        (made.docx({"C:\\x": b"x"}), office.BROKEN),
        (made.docx() + b"<script>alert(1)</script>", office.DISGUISED),
        (made.docx(comment=b"<script>alert(1)</script>"), office.DISGUISED),
        (b"PK\x03\x04<html>" + made.docx(), office.DISGUISED),
        (b"PK\x03\x04" + b"\0" * 2000 + made.docx(), office.DISGUISED),
        (made.docx()[:-60], office.BROKEN),
        (made.odt({"Basic/Standard/script-lb.xml": "<a/>"}), office.ACTIVE),
        (made.odt(more='<script:event-listener xlink:href="vnd.sun.star.script:a"/>'), office.ACTIVE),
        (made.odt(more='<text:section-source xlink:href="https://elsewhere.example/x.odt"/>'), office.LINKED),
        (made.odt(more='<text:a xlink:href="file:///etc/passwd">here</text:a>'), office.LINKED),
        (made.odt({"META-INF/manifest.xml": "<m><encryption-data/></m>"}), office.ENCRYPTED),
    ],
)  # fmt: skip
def test_a_document_may_be_only_text_with_pictures(content, words):
    assert refusal_of(content) == words


def encrypted_zip() -> bytes:
    content = bytearray(made.docx())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := content.find(mark, start + 1)) >= 0:
            content[start + at] |= 1
    return bytes(content)


def overlapping_zip() -> bytes:
    """Return an archive whose directory has two entries for the same compressed bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", made.CONTENT_TYPES.format(more=""))
        archive.writestr("word/a.xml", "<a/>" * 1000)
        second = zipfile.ZipInfo("word/b.xml")
        first = archive.getinfo("word/a.xml")
        for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset", "flag_bits"):
            setattr(second, name, getattr(first, name))
        archive.filelist.append(second)
        archive.NameToInfo["word/b.xml"] = second
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (encrypted_zip(), office.ENCRYPTED),
        (overlapping_zip(), office.BURSTS),
        (made.docx({"word/big.xml": b" " * 8_000_000}), office.BURSTS),
        (made.docx({f"word/{number}.xml": b"" for number in range(office.MAX_PARTS)}), office.BURSTS),
    ],
)
def test_an_archives_directory_is_checked_before_unpacking(content, words):
    assert refusal_of(content) == words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (made.picture("JPEG") + made.packed({"a": "b"}), pictures.DISGUISED),
        (made.picture("JPEG") + b"<?php system($_GET[0]);", pictures.DISGUISED),
        (made.picture("PNG") + b"<script>alert(1)</script>", pictures.DISGUISED),
        (made.picture("JPEG", comment=b"<script>alert(1)</script>"), pictures.DISGUISED),
        (made.picture("JPEG")[:-40], pictures.BROKEN),
        (made.picture("PNG")[:-12], pictures.BROKEN),
        (b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IEND\xaeB`\x82", pictures.BROKEN),
        (made.picture_with_a_place(), pictures.SAYS_WHERE),
        (made.picture("JPEG", xmp=made.PLACE_IN_WORDS), pictures.SAYS_WHERE),
        (made.picture("PNG", pnginfo=made.place_in_words()), pictures.SAYS_WHERE),
    ],
)
def test_a_picture_must_be_one_complete_picture(content, words):
    assert refusal_of(content) == words


@pytest.mark.parametrize("side", [12_000, 60_000])
def test_a_picture_that_unpacks_to_more_than_a_scan_is_not_unpacked(side):
    content = made.picture("PNG")
    head = b"IHDR" + side.to_bytes(4) * 2 + content[24:29]
    assert refusal_of(content[:12] + head + zlib.crc32(head).to_bytes(4) + content[33:]) == pictures.TOO_LARGE


def bursting_pdf(size: int) -> bytes:
    """Return a PDF whose page list is in a compressed stream that expands to ``size`` bytes."""
    catalogue = b"2 0 <</Type/Catalog/Pages 2 0 R>>"
    packer = zlib.compressobj()
    body = packer.compress(catalogue) + packer.flush(zlib.Z_FULL_FLUSH)
    # Blanks compressed after a full flush give the same bytes each time.
    body += (packer.compress(b" " * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)) * (size // MEGABYTE)
    body += packer.flush()
    kept = bytearray(b"%PDF-1.7\n")
    first = len(kept)
    kept += b"1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(body)
    kept += body + b"\nendstream\nendobj\n"
    second = len(kept)
    rows = [(0, 0, 0), (1, first, 0), (2, 1, 0), (1, second, 0)]
    table = b"".join(kind.to_bytes(1) + where.to_bytes(4) + more.to_bytes(1) for kind, where, more in rows)
    kept += b"3 0 obj\n<</Type/XRef/Size 4/W[1 4 1]/Root 2 0 R/Length %d>>\nstream\n" % len(table)
    kept += table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % second
    return bytes(kept)


def test_a_decompression_bomb_affects_only_the_inspecting_process():
    content = bursting_pdf(2048 * MEGABYTE)
    assert len(content) < MAX_BYTES
    with pytest.raises(RefusedFileError) as refusal:
        look_into(content)
    assert str(refusal.value) in {pdf.BROKEN, sandbox.BURST}


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Report on R.B..docx", "Report on R.B..docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\report.pdf", "report.pdf"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("re\u200bport\r\nSet-Cookie: a=b.pdf", "report Set-Cookie: a=b.pdf"),
        ("  .. ", "file without a name"),
        ("x" * 500 + ".pdf", "x" * 120),
        ("Bericht 🦉 über Zaunkönig.pdf", "Bericht 🦉 über Zaunkönig.pdf"),
        ("می\u200cخواهم\u200b 👩\u200d👧.pdf", "می\u200cخواهم 👩\u200d👧.pdf"),
    ],
)
def test_a_name_is_shown_without_invisible_characters(name, cleaned):
    assert clean_name(name) == cleaned
