"""Recording the family, everyone around it, and what must stay confidential."""

from __future__ import annotations

import datetime

from tests.journeys.visitor import Visitor

HIDDEN = ("Lantern Court", "EM4 7QT", "EM47QT", "Lantern Hill", "lanternhill", "Reedling")
CHILDREN = ("Robin Brambley", "Wren Brambley")


def create_family(page: Visitor) -> None:
    page.follow("Families")
    page.follow("Create a family")
    page.press("Create the family")
    page.refused()
    page.write("Family name", "Brambley")
    page.select("Team", "Assessment North")
    page.press("Create the family")
    page.reads("Brambley family", "Nothing yet")


def add_children(page: Visitor) -> None:
    page.follow("Add a child")
    page.press("Save the child")
    page.refused()
    for name, born, button in (
        ("Robin", datetime.date(2014, 5, 14), "Save and add another child"),
        ("Wren", datetime.date(2020, 3, 2), "Save the child"),
    ):
        page.write("First name", name)
        page.write("Last name", "Brambley")
        page.write_date("Date of birth", born)
        page.choose("How sure is this date?", "Exact")
        page.press(button)
    page.reads("Robin Brambley", "Wren Brambley")


def add_adults(page: Visitor) -> None:
    """Add mother and father, who live apart and share responsibility, and Wren's other father."""
    page.follow("Add an adult")
    page.write("First name", "Hazel")
    page.write("Last name", "Brambley")
    page.write_date("Date of birth", datetime.date(1992, 2, 11))
    page.choose("How sure is this date?", "Exact")
    page.choose("Sex", "Female")
    for child in CHILDREN:
        tie(page, child, "Mother", responsibility="Yes", basis="Giving birth")
    page.write("E-mail address", "hazel@post.example")
    page.tick("Safe to write to: no one else reads it")
    page.write("How did you make sure that it is safe?", "Asked on the first visit")
    page.write_date("When did you make sure?", datetime.date(2026, 12, 1))
    page.press("Save and add another adult")
    page.reads("Hazel is recorded.")

    page.write("First name", "Dale")
    page.write("Last name", "Ashdown")
    page.choose("Sex", "Male")
    tie(page, "Robin Brambley", "Father", responsibility="Yes", basis="Named on the birth certificate")
    page.write("E-mail address", "dale@post.example")
    page.tick("Safe to write to: no one else reads it")
    page.write("How did you make sure that it is safe?", "Asked on the first visit")
    page.write_date("When did you make sure?", datetime.date(2026, 12, 1))
    page.press("Save and add another adult")

    page.write("First name", "Martin")
    page.write("Last name", "Alder")
    page.choose("Sex", "Male")
    tie(page, "Wren Brambley", "Father", responsibility="Yes", basis="Named on the birth certificate")
    page.write("E-mail address", "martin@post.example")
    page.tick("Safe to write to: no one else reads it")
    page.write("How did you make sure that it is safe?", "Asked on the first visit")
    page.write_date("When did you make sure?", datetime.date(2026, 12, 1))
    page.press("Save and add another adult")

    page.write("First name", "Olive")
    page.write("Last name", "Brambley")
    page.choose("Sex", "Female")
    for child in CHILDREN:
        tie(page, child, "Grandparent")
    page.press("Save this person")
    page.reads("Hazel Brambley", "Dale Ashdown", "Martin Alder", "Olive Brambley")


def tie(page: Visitor, child: str, kind: str, *, responsibility: str = "", basis: str = "") -> None:
    """Fill in the adult's relation to one child."""
    row = page.group(child)
    page.select("Relationship", kind, within=row)
    if responsibility:
        page.select("Parental responsibility", responsibility, within=row)
        page.select("How they have it", basis, within=row)


def add_pregnancy(page: Visitor) -> None:
    page.follow("Add a pregnancy")
    page.press("Save the pregnancy")
    page.refused()
    page.choose("Who is pregnant?", "Hazel Brambley")
    page.write_date("When is the baby expected?", datetime.date(2027, 4, 19))
    page.write("Who gave this date?", "The midwife after the scan of 12 November")
    page.press("Save the pregnancy")
    page.reads("The pregnancy is recorded.")
    page.follow("Dale Ashdown")
    page.follow("Change what they are to the children")
    tie(page, "Unborn baby Brambley", "Father")
    page.press("Save for all children")
    page.reads("What they are to the children is recorded.")


def add_agencies(page: Visitor) -> None:
    """Add agencies from the directory and a new one; Wren's school would reveal the home."""
    page.follow("Add an agency")
    page.press("Save the agency")
    page.refused()
    for agency, given, family, title, children in (
        ("Harbour Academy", "Shazia", "Wing", "Designated safeguarding lead", ["Robin Brambley"]),
        ("Eastmere Health Visiting", "Ngozi", "Larkin", "Health visitor", ["Wren Brambley"]),
        ("Quayside Surgery", "Anil", "Dunnock", "GP", ["Robin Brambley", "Wren Brambley"]),
        ("Eastmere Midwifery", "Sioned", "Teal", "Safeguarding midwife", ["Unborn baby Brambley"]),
        (
            "Eastmere Police, Protecting Vulnerable People",
            "Beth",
            "Redstart",
            "Detective constable",
            ["Robin Brambley", "Wren Brambley"],
        ),
    ):
        page.select("Agency", agency)
        _professional(page, given, family, title)
        for child in children:
            page.choose("Which children does it know?", child)
        page.press("Save and add another agency")
        page.reads("The agency is recorded.")
    page.select("What kind of agency is it?", "School or college")
    page.write("Name of the agency", "Lantern Hill Primary School")
    _professional(page, "Callum", "Reedling", "Head teacher")
    page.write("Work e-mail address", "head@lanternhill.example")
    page.choose("Which children does it know?", "Wren Brambley")
    page.tick("Its name could give away where someone is")
    page.press("Save the agency")
    page.refused("We may already know this professional.")
    page.choose("Is this professional one of these?", "No, someone else")
    page.press("Save the agency")
    page.reads("Name confidential")
    page.does_not_read("Lantern Hill", "Reedling")


def _professional(page: Visitor, given: str, family: str, title: str) -> None:
    page.write("First name", given)
    page.write("Last name", family)
    page.write("Job title", title)


def record_homes(page: Visitor) -> None:
    page.follow("Record an address")
    page.press("Save the address")
    page.refused()
    for person in ("Hazel Brambley", *CHILDREN):
        page.choose("Who lives there?", person)
    page.write("Address", "Flat 3, Lantern Court\nEastmere")
    page.write("Postcode", "EM4 7QT")
    page.tick("This address is confidential")
    page.press("Save the address")
    page.reads("Address confidential", "Some whereabouts are confidential.")
    page.does_not_read("Lantern Court", "EM4 7QT")
    page.follow("Record an address")
    page.choose("Who lives there?", "Dale Ashdown")
    page.write("Address", "18 Station Road\nEastmere")
    page.press("Save the address")
    page.reads("18 Station Road")


def see_confidential_whereabouts(page: Visitor) -> None:
    """Reveal them once, with a reason."""
    page.press("Show confidential details")
    page.refused()
    page.write("Why do you need to see it?", "Visit this afternoon")
    page.press("Show confidential details")
    page.reads("Lantern Court", "Lantern Hill Primary School")
    page.follow("Brambley")


def record_contact_risk(page: Visitor) -> None:
    page.follow("Record a contact risk")
    page.press("Record the risk")
    page.refused()
    page.choose("Who may it be dangerous to have contact with?", "Dale Ashdown")
    page.choose("For which adults?", "Hazel Brambley")
    page.choose("Why?", "Bail condition")
    page.write("What is known", "Bail: not to contact Hazel and not to come near her home.")
    page.press("Record the risk")
    page.reads("Contact risk: Dale Ashdown.")
