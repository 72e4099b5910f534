"""After the meeting: letter, minutes, and each recipient's copy."""

from __future__ import annotations

import datetime
import io
import re
from pathlib import Path

import pikepdf
import pypdfium2
from playwright.sync_api import Download, Locator

from reports.enums import DocumentKind
from tests.journeys.steps.arranging import open_conference_page
from tests.journeys.steps.family import HIDDEN
from tests.journeys.visitor import Visitor
from tests.layout import lay_out_papers


def prepare_the_decisions_letter(page: Visitor) -> None:
    open_conference_page(page)
    page.follow("Letter and minutes")
    page.reads("Prepare the decisions letter")
    page.follow("Prepare the decisions letter")
    page.press("Prepare the decisions letter")
    page.reads("Prepared. It is now with the chair.", "No copies can go out yet.")


def release_the_decisions_letter(page: Visitor) -> None:
    open_conference_page(page)
    page.follow("Letter and minutes")
    page.follow("Read and release the decisions letter")
    page.reads("The children have seen fights for a year", "Safe Harbour meets Hazel each week")
    page.press("Release the decisions letter")
    page.reads("Released. The coordinator can now send the copies.")


def record_sending_the_decisions_letter(page: Visitor) -> None:
    record_sending(page, "decisions letter", "Hazel Brambley")


def record_sending(page: Visitor, document: str, name: str) -> None:
    """Give one copy by hand; without saying that it was checked nothing goes."""
    page.follow(
        f"Send the {document}", within=page.page.locator("p").filter(has=page.page.locator("a[href$='/circulation/']"))
    )
    person = page.page.locator(".cp-recipient").filter(has=page.page.get_by_role("heading", name=name, exact=True))
    person.locator("summary").first.click()
    way = f"How does {name} get it this time?"
    page.choose(way, "By hand: print it, or say when they got it", within=person)
    page.press("Send what I have confirmed")
    page.refused(f"Tick that you have checked it for {name}, or choose “Not now”")
    page.tick(f"I have checked that this is right and safe for {name} today", within=person)
    more = page.unfold("How you checked, or already in", within=person)
    page.write("How you checked", "Rang on the number marked safe", within=more)
    page.write_date("If they have it in their hands already: since when?", datetime.date(2026, 12, 23), within=more)
    page.write("At what time?", "8:30", within=more)
    page.press("Send what I have confirmed")
    page.reads("1 of ")
    page.follow("Back to the versions")


def prepare_the_minutes(page: Visitor) -> None:
    """Prepare the minutes after leaving a note that would reveal the home out of some copies."""
    page.follow("Prepare the minutes")
    page.reads("Some copies would show something marked confidential.")
    page.press("Prepare the minutes")
    page.refused()
    page.tick("Leave these entries out of the copies of people who may not read them")
    page.press("Prepare the minutes")
    page.reads("Prepared. It is now with the chair.")


def sign_off_the_minutes(page: Visitor) -> None:
    page.follow("Read and sign off the minutes")
    page.reads("Who took part", "The children have seen fights for a year")
    page.press("Sign off the minutes")
    page.reads("Released.")


A_MINUTE = 60_000


def wait_for_minutes(page: Visitor, name: str) -> bytes:
    """Return a copy requested before it is laid out: the page says so and reloads until it is."""
    _link_to_minutes(page, name).click()
    page.reads("This paper is being made ready")
    # The time to lay it out counts too.
    with page.page.expect_download(timeout=A_MINUTE) as downloading:
        lay_out_minutes(name)
    page.follow("Back to the letter and minutes")
    return _file(downloading.value)


def lay_out_minutes(*names: str) -> None:
    """Do the worker's work for these recipients."""
    given_names = [name.split()[0] for name in names]
    laid_out = lay_out_papers(document__kind=DocumentKind.MINUTES, recipient__person__given_name__in=given_names)
    assert laid_out == len(names)


def download_minutes(page: Visitor, name: str) -> bytes:
    """Return one recipient's copy, as the coordinator gets it once it is laid out."""
    with page.page.expect_download() as downloading:
        _link_to_minutes(page, name).click()
    return _file(downloading.value)


def _link_to_minutes(page: Visitor, name: str) -> Locator:
    return page.page.get_by_role("link", name=re.compile(f"^PDF of the minutes for {name}")).first


def _file(download: Download) -> bytes:
    assert re.fullmatch(r"[A-Za-z0-9-]+\.pdf", download.suggested_filename), download.suggested_filename
    return Path(download.path()).read_bytes()


def words_of(pdf: bytes) -> str:
    """Return everything that can be read in a PDF, on one line."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [page.get_textpage() for page in document]
        text = " ".join(page.get_text_bounded() for page in pages)
        for page in pages:
            page.close()
    finally:
        document.close()
    # A word hyphenated at the end of a line is marked with a special character.
    return " ".join(text.replace("\ufffe", "").replace("’", "'").split())


def record_sending_the_minutes(page: Visitor) -> None:
    record_sending(page, "minutes", "Martin Alder")


def open_the_minutes(page: Visitor) -> None:
    open_conference_page(page)
    page.follow("Letter and minutes")


def read_copies(page: Visitor) -> None:
    """Check that each copy is tagged and titled, and contains what its recipient may read."""
    open_the_minutes(page)
    copies = {"Hazel Brambley": wait_for_minutes(page, "Hazel Brambley")}
    others = ("Dale Ashdown", "Martin Alder")
    lay_out_minutes(*others)
    copies |= {name: download_minutes(page, name) for name in others}
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
