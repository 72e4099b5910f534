"""Recording the family, everyone around it, and what must stay confidential."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.journeys.visitor import Visitor

HIDDEN = ("Lantern Court", "EM4 7QT", "EM47QT", "Lantern Hill", "lanternhill", "Reedling")


def create_family(page: Visitor) -> None:
    page.follow("Families")
    page.follow("Create a family")
    page.press("Create the family")
    page.refused()
    page.write("Family name", "Brambley")
    page.select("Team", "Assessment North")
    page.press("Create the family")
    page.reads("Brambley family", "Next: record the family")


def record_everyone(page: Visitor) -> None:
    """Enter children, unborn baby, adults, homes and the danger on one page, which grows by two rows."""
    page.follow("Record the family")
    page.press(SAVE)
    page.refused("Enter at least one child, adult or address")
    for number, (name, born) in enumerate((("Robin", "14 5 2014"), ("Wren", "2 3 2020")), start=1):
        child = page.group(f"Child {number}")
        page.write("First name", name, within=child)
        page.write("Date of birth", born, within=child)
    baby = page.group("Unborn baby 1")
    page.write("When is the baby expected?", "19 4 2027", within=baby)
    page.write("Who gave this date?", "The midwife after the scan of 12 November", within=baby)
    hazel, dale, martin = (
        adult(page, number, given, family)
        for number, (given, family) in enumerate(
            (("Hazel", "Brambley"), ("Dale", "Ashdown"), ("Martin", "Alder")), start=1
        )
    )
    page.press("Add another adult")
    page.press("Add another address")

    page.write("Date of birth", "11 2 1992", within=hazel)
    tie(page, hazel, "all the children", "Mother", "Yes: giving birth")
    reach(page, hazel, "hazel@post.example")
    no_danger(page, hazel)

    page.unfold("Not the same for each child", within=dale)
    tie(page, dale, "Robin", "Father", "Yes: named on the birth certificate")
    tie(page, dale, "Unborn baby 1", "Father")
    reach(page, dale, "dale@post.example")

    page.unfold("Not the same for each child", within=martin)
    tie(page, martin, "Wren", "Father", "Yes: named on the birth certificate")
    reach(page, martin, "martin@post.example")
    no_danger(page, martin)

    olive = adult(page, 4, "Olive", "Brambley")
    tie(page, olive, "all the children", "Grandparent")
    no_danger(page, olive)
    lives(page, 1, "Flat 3, Lantern Court\nEastmere", "Hazel", "All the children who are born")
    page.write("Postcode", "EM4 7QT", within=page.group("Address 1"))
    hiding(page, 1, "Yes: keep it confidential")
    lives(page, 2, "18 Station Road\nEastmere", "Dale")
    hiding(page, 2, "No")
    name_the_danger(page, dale)
    page.press(SAVE)
    page.reads("The family is recorded.")


SAVE = "Save the family and go on to the agencies"


def adult(page: Visitor, number: int, given: str, family: str) -> Locator:
    row = page.group(f"Adult {number}")
    page.write("First name", given, within=row)
    page.write("Last name", family, within=row)
    return row


def tie(page: Visitor, row: Locator, child: str, kind: str, responsibility: str = "") -> None:
    """Fill in what the adult is to one child, or to all of them."""
    about = page.group(f"What they are to {child}", within=row)
    page.select("Relationship", kind, within=about)
    if responsibility:
        page.select("Parental responsibility", responsibility, within=about)


def reach(page: Visitor, row: Locator, email: str) -> None:
    """Enter an e-mail address that is safe to write to, with how and when that was made sure."""
    page.write("E-mail address", email, within=row)
    page.select("Is the e-mail address safe to write to?", "Yes: no one else reads or answers it", within=row)
    page.write("How did you make sure that it is safe?", "Asked on the first visit", within=row)
    page.write("When did you make sure?", "1 12 2026", within=row)


DANGER = "Could contact with them be dangerous for anyone?"


def no_danger(page: Visitor, row: Locator) -> None:
    page.choose(DANGER, "No", within=row)


def name_the_danger(page: Visitor, row: Locator) -> None:
    page.choose(DANGER, "Yes", within=row)
    page.choose("For whom?", "Hazel", within=row)
    page.select("Why?", "Bail condition", within=row)
    page.write("What is known", "Bail: not to contact Hazel and not to come near her home.", within=row)


def lives(page: Visitor, number: int, address: str, *people: str) -> None:
    home = page.group(f"Address {number}")
    page.write("Address", address, within=home)
    for person in people:
        page.choose("Who lives there?", person, within=home)


def hiding(page: Visitor, number: int, answer: str) -> None:
    page.choose("Is there anyone who must not find out about it?", answer, within=page.group(f"Address {number}"))


def keep_the_directory(page: Visitor) -> None:
    """Add, as the coordinator, a school to the directory that is not in it yet."""
    page.follow("Families")
    page.follow("Workers of agencies")
    page.follow("Directory of agencies")
    page.follow("Add to the directory")
    page.press("Save to the directory")
    page.refused()
    page.select("What kind of agency is it?", "School or college")
    page.write("Name of the agency", "Lantern Hill Primary School")
    page.write("First name", "Callum")
    page.write("Last name", "Reedling")
    page.write("Job title", "Head teacher")
    page.write("Work e-mail address", "head@lanternhill.example")
    page.press("Save to the directory")
    page.refused("We may already know this professional.")
    page.choose("Is this professional one of these?", "No, someone else")
    page.press("Save to the directory")
    page.reads("The directory is up to date.")


def choose_agencies(page: Visitor) -> None:
    """Tick the children whom each of six agencies knows; Wren's school would reveal the home."""
    page.press("Save the agencies")
    page.refused("Choose at least one agency")
    page.write("Find agencies and people", "Wing, Larkin, Dunnock, midwife, Redstart, Lantern Hill")
    page.press("Find")
    for row, child in (
        ("Harbour Academy, Shazia Wing, Designated safeguarding lead", "Robin"),
        ("Eastmere Health Visiting, Ngozi Larkin, Health visitor", "Wren"),
        ("Quayside Surgery, Anil Dunnock, GP", "All the children"),
        ("Eastmere Midwifery, Sioned Teal, Safeguarding midwife", "Unborn baby Brambley"),
        (POLICE, "Robin"),
        (POLICE, "Wren"),
        (HIDDEN_SCHOOL, "Wren"),
    ):
        page.choose(row, child)
    known = page.page.locator(".cp-formset__row", has_text="Lantern Hill")
    page.select("Could it give away where someone is?", "Yes: keep it confidential", within=known)
    page.press("Save the agencies")
    page.reads("Name confidential", "Contact risk: Dale Ashdown.", "Address confidential")
    page.does_not_read("Lantern Court", "EM4 7QT", "Lantern Hill", "Reedling")


POLICE = "Eastmere Police, Protecting Vulnerable People, Beth Redstart, Detective constable"
HIDDEN_SCHOOL = "Lantern Hill Primary School, Callum Reedling, Head teacher"


def see_confidential_whereabouts(page: Visitor) -> None:
    """Reveal them once, with a reason."""
    page.press("Show confidential details")
    page.refused()
    page.write("Why do you need to see it?", "Visit this afternoon")
    page.press("Show confidential details")
    page.reads("Lantern Court", "Lantern Hill Primary School")
    page.follow("Brambley")
