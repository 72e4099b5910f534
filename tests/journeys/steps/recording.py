"""After the meeting: letter, record, and the copy of each recipient."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pypdfium2

from tests.journeys.steps.arranging import open_conference_page
from tests.journeys.steps.family import HIDDEN
from tests.journeys.visitor import Visitor


def prepare_the_letter(page: Visitor) -> None:
    open_conference_page(page)
    page.follow("Record")
    page.reads("Prepare the decisions letter")
    page.follow("Prepare the letter")
    page.press("Prepare the letter")
    page.reads("Prepared. It waits for the chair.", "No copy can go out yet.")


def release_the_letter(page: Visitor) -> None:
    open_conference_page(page)
    page.follow("Record")
    page.follow("Read and release the letter")
    page.reads("The children have seen fights for a year", "Safe Harbour meets Hazel each week")
    page.press("Release the letter")
    page.reads("Released. The coordinator can now send the copies.")


def record_the_sending_of_the_letter(page: Visitor) -> None:
    record_sending(page, "decisions letter", "Hazel Brambley")


def record_sending(page: Visitor, document: str, name: str) -> None:
    page.follow(re.compile(f"^Record sending of {document} to {name}"))
    page.press("Record the sending")
    page.refused("Choose how it went", "Say how you made sure that this way is safe")
    page.choose("How did it go?", "Secure e-mail")
    page.write("How did you make sure that this way is safe this time?", "Rang on the number marked safe")
    page.press("Record the sending")
    page.reads("The copy is recorded.")


def prepare_the_record(page: Visitor) -> None:
    """A note that would give the home away stops it, until it is left out of the copies of those kept from it."""
    page.follow("Prepare the record")
    page.reads("Some copies would show something marked confidential.")
    page.press("Prepare the record")
    page.refused()
    page.tick("Leave these entries out of the copies of those who may not read them")
    page.press("Prepare the record")
    page.reads("Prepared. It waits for the chair.")


def sign_the_record_off(page: Visitor) -> None:
    page.follow("Read and sign off the record")
    page.reads("Who took part", "The children have seen fights for a year")
    page.press("Sign off the record")
    page.reads("Released.")


def download_minutes(page: Visitor, name: str) -> bytes:
    """One recipient's copy, as the coordinator gets it."""
    link = page.page.get_by_role("link", name=re.compile(f"^PDF of the record for {name}")).first
    with page.page.expect_download() as downloading:
        link.click()
    download = downloading.value
    assert re.fullmatch(r"[A-Za-z0-9-]+\.pdf", download.suggested_filename), download.suggested_filename
    return Path(download.path()).read_bytes()


def words_of(pdf: bytes) -> str:
    """Everything that can be read in a PDF, on one line."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [page.get_textpage() for page in document]
        text = " ".join(page.get_text_bounded() for page in pages)
        for page in pages:
            page.close()
    finally:
        document.close()
    # A word divided at the end of a line comes with a mark of its own.
    return " ".join(text.replace("\ufffe", "").replace("’", "'").split())


def record_the_sending_of_the_record(page: Visitor) -> None:
    record_sending(page, "record of the conference", "Martin Alder")


def read_copies(page: Visitor) -> None:
    """Each copy is tagged and titled, and holds what its recipient may read."""
    open_conference_page(page)
    page.follow("Record")
    copies = {
        name: download_minutes(page, name) for name in ("Hazel Brambley", "Dale Ashdown", "Martin Alder")
    }
    for pdf in copies.values():
        with pikepdf.open(io.BytesIO(pdf)) as document:
            assert document.Root.MarkInfo.Marked
            assert str(document.Root.Lang).startswith("en")
            assert document.Root.ViewerPreferences.DisplayDocTitle
            assert "/StructTreeRoot" in document.Root
            with document.open_metadata() as metadata:
                assert metadata["dc:title"]
                assert metadata["pdfuaid:part"] == "1"
    hazel, dale, martin = (words_of(pdf) for pdf in copies.values())
    for text, name in ((hazel, "Hazel Brambley"), (dale, "Dale Ashdown"), (martin, "Martin Alder")):
        assert name in text
        assert re.search(r"1 of \d+", text)
    assert "asthma" in hazel
    assert "asthma" in dale
    assert "asthma" not in martin
    assert "The children have seen fights for a year" in martin
    for text in (dale, martin):
        assert [word for word in HIDDEN if word.lower() in text.lower()] == []
        assert "playground" not in text
    assert copies["Martin Alder"] == download_minutes(page, "Martin Alder")
