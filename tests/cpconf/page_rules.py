"""What holds of every page that anybody reads: what it shows is logged, it changes nothing, every header is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from accounts.models import AccessEvent
from cpconf.headers import PERMISSIONS
from families.models import AgencyInvolvement, Family, FamilyMember, Post

# Pages that show nothing of any case, and why.
WITHOUT_CASE_DATA = {
    "govuk:": "words about the site",
    "demo:": "made-up people",
    "account_": "signing in and out",
    "mfa_": "the second factor",
    "openid_connect": "signing in through a directory",
    "healthz": "whether the site answers",
    "see-health": "whether the jobs run",
    "deadlines:our-procedures": "what a council has agreed, about no one",
    "guests:": "asks for a code, before anything is shown",
    "meetings:changed": "whether a page is out of date, and nothing of what it shows",
    "core_groups:changed": "whether a page is out of date, and nothing of what it shows",
    "projector:changed": "the same, of the room's screen",
    "meetings:own-changed": "the same, of one's own page",
    "guest_answers:changed": "the same, of one's own page",
    "guest_core_group:changed": "the same, of one's own page",
    "turn:changed": "the same, of the turn on this device",
    "core_groups:own-changed": "the same, of one's own page",
    "projector:type-code": "asks for a code, before anything is shown",
    "turn:type-code": "asks for a code, before anything is shown",
    "turn:over": "says that a turn is over, and whose it was to nobody",
    "accounts:directory-again": "signing in through a directory",
    "accounts:this-device": "whether one's own browser is enrolled",
    "accounts:my-account": "one's own account",
    "accounts:where-signed-in": "one's own sessions",
    "accounts:session-state": "how long one's own session lasts",
    "accounts:set-up-second-step": "one's own second factor",
    "accounts:sign-out-everywhere": "one's own sessions",
    "accounts:save-draft": "keeps words and shows none",
    "accounts:sign-in-as-demo": "made-up people",
    "users:": "staff and their posts",
    "deadlines:calculate-dates": "dates that somebody typed",
    "deadlines:calendar-feed": "one's own address for a calendar, not what it holds",
    "conferences:room": "settings",
    "deadlines:settings": "settings",
    "deadlines:working-days": "settings",
    "deadlines:close-day": "settings",
    "deadlines:take-back-day": "settings",
    "deadlines:polic": "the council's procedures",
    "deadlines:change-policy": "the council's procedures",
    "deadlines:put-policy": "the council's procedures",
    "deadlines:set-policy": "the council's procedures",
    "deadlines:recounts": "numbers of deadlines, no case",
    "deadlines:count-again": "numbers of deadlines, no case",
    "families:create-family": "an empty form",
    "families:find-case": "an empty form",
    "plans:check-list": "an empty form",
}


# Pages with names that belong to no record: they are not shown from a look-up.
AS_SOMEBODY_SAID = {"plans:list-checks": "whom a caller asked about, on the list or not"}


def says_nothing(name: str) -> bool:
    return any(name.startswith(start) for start in WITHOUT_CASE_DATA)


# Pages that name an agency whose name is confidential, and why.
MAY_NAME_IT = {
    "guest_papers:read-copy": "one's own copy, which entitlement composes for its reader, who may know",
    "families:workers": "the council's directory of workers, the same for every family, says nothing about who goes there",
    "families:agencies": "the council's directory, the same for every family, says nothing about who goes there",
    "families:add-to-directory": "the council's directory, the same for every family, says nothing about who goes there",
    "families:change-agency": "the council's directory, the same for every family, says nothing about who goes there",
    "families:end-agency": "the council's directory, the same for every family, says nothing about who goes there",
    "families:add-agencies": "the council's directory, the same for every family, says nothing about who goes there",
    "families:add-agency": "the council's directory, the same for every family, says nothing about who goes there",
}


def confidential_name(family: Family) -> re.Pattern[str]:
    """Return what gives away the agencies that are marked for a family: names, and mailboxes of those who work there.

    So do their sites, and titles with the name in them.
    """
    marked = AgencyInvolvement.objects.filter(confidential=True, child__person__memberships__family=family)
    said = set(marked.values_list("agency__name", flat=True))
    said |= set(
        Post.objects.filter(agency__in=marked.values("agency")).exclude(email="").values_list("email", flat=True)
    )
    assert said
    return re.compile("|".join(r"\W+".join(map(re.escape, re.findall(r"\w+", one))) for one in said), re.IGNORECASE)


def names_it(answer: Any, name: str, hidden: re.Pattern[str]) -> Iterator[str]:
    """Return whether a page gives away an agency whose name is confidential, and is not one of those that may."""
    if name in MAY_NAME_IT or not answer.get("Content-Type", "").startswith("text/"):
        return
    text = b"".join(answer) if answer.streaming else answer.content
    if hidden.search(text.decode()):
        yield "names an agency whose name is confidential"


# What any page may write: who read it, the session, limits on attempts, the sign-in library's copy of an address,
# that a copy which nobody has laid out yet is wanted, and that its reader opened one for the first time.
WRITTEN_BY_LOOKING = {
    "accounts_accessevent",
    "accounts_tally",
    "django_session",
    "django_cache",
    "accounts_guestsession",
    "accounts_guestsessionevent",
    "account_emailaddress",
    "reports_laidoutpaper",
    "reports_copynews",
}
WRITES = re.compile(
    r'\b(?:INSERT INTO|(?<!DO )(?<!FOR )(?<!KEY )UPDATE|DELETE FROM)\s+(?:ONLY\s+)?"?(?:public"?\.)?"?(\w+)"?',
    re.IGNORECASE,
)


def unknown_reads(answer: Any, name: str, events: list[AccessEvent], names: dict[int, str]) -> Iterator[str]:
    """Return what a page showed that the log does not know of."""
    text = b"".join(answer) if answer.streaming else answer.content
    if not events:
        yield "nothing is logged"
        return
    if name in AS_SOMEBODY_SAID:
        return
    logged = {pk for event in events for pk in event.person_ids}
    families = {pk for event in events for pk in event.family_ids}
    shown = {pk for pk, full_name in names.items() if full_name.encode() in text}
    members = FamilyMember.objects.filter(family__in=families, person__in=shown).values_list("person", flat=True)
    if shown - logged - set(members):
        yield "shows people whom the log does not name"


def kept_writes(statements: Iterable[str]) -> set[str]:
    """Return the tables written to, without writes that are rolled back after a preview."""
    begun: list[tuple[str, set[str]]] = [("", set())]
    for sql in statements:
        # Most are long questions, through which no pattern need look.
        words = sql.upper()
        if not any(word in words for word in ("SAVEPOINT", "INSERT", "UPDATE", "DELETE")):
            continue
        # The history's context may precede a statement.
        if ended := re.search(r"\bROLLBACK TO SAVEPOINT (\S+)$", sql):
            while begun[-1][0] != ended[1]:
                begun.pop()
            begun[-1][1].clear()
        elif point := re.search(r"(?<!RELEASE )\bSAVEPOINT (\S+)$", sql):
            begun.append((point[1], set()))
        else:
            begun[-1][1].update(WRITES.findall(sql))
    return set().union(*(tables for _, tables in begun))


# Responses that contain nothing about anyone.
MAY_BE_KEPT = {"govuk:theme"}


def header_faults(answer, name):
    """Return what is wrong with the headers of a response."""
    wanted = {
        "X-Content-Type-Options": {"nosniff"},
        "X-Frame-Options": {"DENY"},
        "Referrer-Policy": {"same-origin", "no-referrer", "strict-origin"},
        "Cross-Origin-Opener-Policy": {"same-origin"},
        "Cross-Origin-Resource-Policy": {"same-origin"},
        "Permissions-Policy": {PERMISSIONS},
    }
    yield from (header for header, values in wanted.items() if answer.get(header) not in values)
    policy = answer.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy or "unsafe" in policy:
        yield "Content-Security-Policy"
    if "no-store" not in answer.get("Cache-Control", "") and name not in MAY_BE_KEPT:
        yield "Cache-Control"
    if "Access-Control-Allow-Origin" in answer:
        yield "Access-Control-Allow-Origin"
    if (answer.streaming or answer.content) and not re.match(
        r"[\w-]+/[\w.+-]+(; charset=utf-8)?$", answer.get("Content-Type", "")
    ):
        yield "Content-Type"


def leads_away(location: str) -> bool:
    """Return whether a redirect leads to another site."""
    return not re.match(r"^(/(?![/\\])|https?://testserver(/|$))", location)
