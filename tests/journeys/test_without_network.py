"""A minute without a network, and a server that does not answer: nothing typed is lost, and nothing is there twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.people.services.devices import make_device, take_up_device
from conferences.models import Attendance
from meetings.models import BoardEntry, LateEntry
from tests.journeys.test_live_board import COORDINATOR, meeting

__all__ = ["meeting"]

FIRST, SECOND = "He came home late on Friday.", "The school rang twice."
NAMES = """async () => (await indexedDB.databases()).map(({ name }) => name)"""
# What a thief of the disk would look for.
RAW = """async () => {
  const database = await new Promise((resolve) => {
    const asked = indexedDB.open("cpconf-waiting");
    asked.onsuccess = () => resolve(asked.result);
  });
  const all = (name) => new Promise((resolve) => {
    const asked = database.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => resolve(asked.result);
  });
  const [keys, entries] = [await all("keys"), await all("entries")];
  database.close();
  const key = await crypto.subtle.exportKey("raw", keys[0]).then(() => "taken out", () => "stays in");
  const told = entries.map((row) => new TextDecoder("latin1").decode(row.sealed)).join("");
  return [key, entries.length, told.includes("Friday")];
}"""


@pytest.fixture
def board(visit, council, meeting):
    """Return the coordinator's board on an enrolled device."""
    visitor = visit()
    visitor.sign_in_as(COORDINATOR)
    now = meeting.sittings.get().starts_at
    coordinator = council.user(COORDINATOR)
    _, code = make_device(authority=meeting.authority, name="Laptop 3", by=coordinator, now=now)
    _, token = take_up_device(code=code, by=coordinator, now=now)
    visitor.page.context.add_cookies([{"name": "device", "value": token, "url": visitor.base}])
    visitor.open(f"/conferences/{meeting.pk}/day/board/")
    return visitor.page


def write(page, text):
    page.get_by_label("Fact", exact=True).check()
    page.get_by_label("What was said", exact=True).fill(text)
    page.keyboard.press("Control+Enter")


def test_notes_wait_encrypted_and_go_out_in_order_once(board, meeting):
    board.context.set_offline(True)
    for number, text in enumerate((FIRST, SECOND), start=1):
        write(board, text)
        expect(board.locator("[data-waiting-list]")).to_contain_text(f"Waiting to be sent: {number}")
    expect(board.get_by_label("What was said", exact=True)).to_have_value("")
    assert board.evaluate(RAW) == ["stays in", 2, False]
    assert not BoardEntry.objects.exists()
    board.context.set_offline(False)
    expect(board.locator("[data-waiting-list]")).to_be_hidden(timeout=20_000)
    assert list(BoardEntry.objects.order_by("pk").values_list("text", flat=True)) == [FIRST, SECOND]
    assert LateEntry.objects.count() == 2
    expect(board.locator(".cp-board").get_by_text("Arrived late")).to_have_count(2, timeout=14_000)


def test_a_server_that_does_not_answer_loses_nothing(board, meeting):
    board.route(
        "**/day/board/", lambda route: route.fulfill(status=503) if route.request.method == "POST" else route.fallback()
    )
    board.route("**/day/late/", lambda route: route.abort())
    write(board, FIRST)
    expect(board.locator("[data-waiting-list]")).to_contain_text("Waiting to be sent: 1")
    board.unroute("**/day/late/")
    board.evaluate("dispatchEvent(new Event('online'))")
    expect(board.locator("[data-waiting-list]")).to_be_hidden(timeout=20_000)
    assert BoardEntry.objects.get().text == FIRST


def test_whoever_signs_out_leaves_nothing_behind_and_is_asked_before(board):
    board.context.set_offline(True)
    write(board, FIRST)
    expect(board.locator("[data-waiting-list]")).to_contain_text("Waiting to be sent: 1")
    asked = []
    board.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    board.route("**/day/late/", lambda route: route.abort())
    board.context.set_offline(False)
    board.locator("form[data-signs-out]").evaluate("form => form.requestSubmit()")
    expect(board).not_to_have_url(re.compile("board"))
    assert asked == ["Something you typed has not been sent yet. Stay until it is, or it will be lost."]
    assert "cpconf-waiting" not in board.evaluate(NAMES)


def test_elsewhere_the_page_keeps_its_words_and_says_that_they_are_not_saved(visit, meeting):
    visitor = visit()
    visitor.sign_in_as(COORDINATOR)
    visitor.open(f"/conferences/{meeting.pk}/day/board/")
    visitor.page.context.set_offline(True)
    write(visitor.page, FIRST)
    expect(visitor.page.get_by_role("alert")).to_contain_text("This is not saved")
    expect(visitor.page.get_by_label("What was said", exact=True)).to_have_value(FIRST)
    assert visitor.page.evaluate(NAMES) == []


def test_attendance_waits_too(board, meeting):
    board.goto(board.url.replace("/board/", "/people/"))
    row = board.locator(".cp-marks").first
    board.context.set_offline(True)
    row.get_by_role("button", name="Apologies").click()
    expect(board.locator("[data-waiting-list]")).to_contain_text("Apologies")
    board.context.set_offline(False)
    expect(board.locator("[data-waiting-list]")).to_be_hidden(timeout=20_000)
    assert Attendance.objects.filter(presence="apologies").count() == 1
