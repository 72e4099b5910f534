"""The council itself: teams, users, rooms, agencies and the people who work there."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Authority, Team, User
from accounts.people.services import assign_role, create_user
from accounts.people.services.second_people import name_second_person
from conferences.models import Room
from deadlines.policies import raw_of
from deadlines.services import build_calendar, put_policy_in_force
from families.enums import AgencyKind
from families.models import Post
from families.services import add_agency, add_post, staff_person

TEAMS = ("Assessment North", "Assessment South", "Safeguarding East", "Safeguarding West", "Disabled Children")

# name, job title, role, teams
USERS: tuple[tuple[str, str, Role, tuple[str, ...]], ...] = (
    ("Amara Finch", "Social worker", Role.SOCIAL_WORKER, ("Assessment North", "Assessment South")),
    ("Owen Dipper", "Social worker", Role.SOCIAL_WORKER, ("Safeguarding East",)),
    ("Priya Lapwing", "Senior social worker", Role.SOCIAL_WORKER, ("Safeguarding West", "Disabled Children")),
    ("Dilys Heron", "Team manager", Role.TEAM_MANAGER, ("Assessment North", "Assessment South")),
    ("Graham Rook", "Team manager", Role.TEAM_MANAGER, ("Safeguarding East", "Safeguarding West", "Disabled Children")),
    ("Tomasz Kestrel", "Independent conference chair", Role.CHAIR, ()),
    ("Ruth Avocet", "Independent conference chair", Role.CHAIR, ()),
    ("Joan Plover", "Conference coordinator", Role.COORDINATOR, ()),
    ("Beatrice Crane", "Head of safeguarding", Role.SERVICE_MANAGER, ()),
    ("Edith Stork", "Custodian of the list", Role.CUSTODIAN, ()),
    ("Femi Nightjar", "Out-of-hours worker", Role.DUTY_WORKER, ()),
    ("Nora Jay", "Systems administrator", Role.ADMINISTRATOR, ()),
    ("Colin Barnowl", "Information auditor", Role.AUDITOR, ()),
    ("Ola Greenshank", "Designated officer (LADO)", Role.DESIGNATED_OFFICER, ()),
    ("Piers Dotterel", "Data protection officer", Role.DATA_PROTECTION, ()),
    ("Shazia Wing", "Designated safeguarding lead", Role.PROFESSIONAL, ()),
)

# kind, agency, professional, post
AGENCIES: tuple[tuple[AgencyKind, str, str, str], ...] = (
    (AgencyKind.SCHOOL, "Meadow Lane Primary School", "Callum Reedling", "Designated safeguarding lead"),
    (AgencyKind.SCHOOL, "Harbour Academy", "Shazia Wing", "Designated safeguarding lead"),
    (AgencyKind.SCHOOL, "Orchard Hill School", "Moira Fieldfare", "Head of year"),
    (AgencyKind.EARLY_YEARS, "Little Acorns Nursery", "Bethan Goldcrest", "Nursery manager"),
    (AgencyKind.GP, "Quayside Surgery", "Anil Dunnock", "GP"),
    (AgencyKind.GP, "Mill Street Practice", "Hannah Martin", "GP"),
    (AgencyKind.HEALTH_VISITING, "Eastmere Health Visiting", "Ngozi Larkin", "Health visitor"),
    (AgencyKind.SCHOOL_NURSING, "Eastmere School Nursing", "Imran Wagtail", "School nurse"),
    (AgencyKind.MIDWIFERY, "Eastmere Midwifery", "Sioned Teal", "Safeguarding midwife"),
    (AgencyKind.POLICE, "Eastmere Police, Protecting Vulnerable People", "Beth Redstart", "Detective constable"),
    (AgencyKind.DOMESTIC_ABUSE, "Safe Harbour", "Rosa Linnet", "Independent domestic violence adviser"),
    (AgencyKind.HOUSING, "Eastmere Homes", "Piotr Starling", "Housing officer"),
)

ROOMS = (
    ("Garden room, Mulberry House", True),
    ("Orchard room, Mulberry House", False),
    ("Committee room 2, Mulberry House", False),
)


@dataclass
class Council:
    """What the families of the demonstration are built from."""

    authority: Authority
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    posts: dict[AgencyKind, list[Post]] = field(default_factory=dict)
    rooms: list[Room] = field(default_factory=list)

    def user(self, name: str) -> User:
        return self.users[name]

    def social_worker_of(self, team: str) -> User:
        return next(self.users[name] for name, _, role, teams in USERS if role == Role.SOCIAL_WORKER and team in teams)


def address_of(name: str) -> str:
    """Return a person's mailbox in the demonstration; the domain cannot exist."""
    return f"{name.lower().replace(' ', '.')}@demo.example"


def _procedures() -> tuple[str, dict[str, Any]]:
    """Return the procedures of the demonstration: a council's name belongs in data, never in code."""
    own = yaml.safe_load((Path(__file__).parent / "council.yaml").read_text(encoding="utf-8"))
    raw = raw_of(own["preset"])
    raw["values"] = {**raw.get("values", {}), **own["values"]}
    return str(own["preset"]), raw


def build_council(*, now: datetime.datetime) -> Council:
    """Create Eastmere Council. Creating it again returns the same one."""
    authority, _ = Authority.objects.get_or_create(
        slug="eastmere",
        defaults={
            "name": "Eastmere Council",
            "day_phone": "01632 960 100",
            "night_phone": "01632 960 199",
            "return_address": "PO Box 41\nEastmere\nEM1 1ZZ",
            "secure_mail_domains": "eastmere.example\nnhs.example\npolice.example\nschool.example",
            "complaints": "Write to the complaints officer, Mulberry House, Eastmere, or ring 01632 960 120",
        },
    )
    council = Council(authority)
    build_calendar(now=now)
    since = (now - datetime.timedelta(days=3 * 365)).date()
    preset, raw = _procedures()
    put_policy_in_force(authority=authority, preset=preset, raw=raw, in_force_from=since, now=now)
    for name in TEAMS:
        council.teams[name], _ = Team.objects.get_or_create(authority=authority, name=name)
    for name, title, role, teams in USERS:
        user = create_user(
            email=address_of(name), name=name, job_title=title, phone="01632 960 1" + f"{len(council.users):02d}"
        )
        for team in teams or (None,):
            assign_role(
                user=user, authority=authority, role=role, starts_on=since, team=council.teams[team] if team else None
            )
        council.users[name] = User.objects.get(pk=user.pk)
    # Its one service manager has nobody beside her to check a bundle or agree to a disposal.
    name_second_person(
        user=council.user("Edith Stork"),
        authority=authority,
        starts_on=timezone.localdate(now),
        ends_on=None,
        why="The council has one service manager.",
        by=council.user("Beatrice Crane"),
        now=now,
    )
    for name, two_entrances in ROOMS:
        room, _ = Room.objects.get_or_create(
            authority=authority,
            name=name,
            defaults={"address": "1 Quay Street, Eastmere", "two_entrances": two_entrances},
        )
        council.rooms.append(room)
    _build_agencies(council, since=since)
    return council


def _build_agencies(council: Council, *, since: datetime.date) -> None:
    by = council.user("Joan Plover")
    in_house = {Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.CHAIR, Role.COORDINATOR, Role.SERVICE_MANAGER}
    for name, _, role, _ in USERS:
        if role in in_house:
            staff_person(user=council.user(name), today=since)
    for kind, agency_name, person_name, title in AGENCIES:
        agency = add_agency(
            authority=council.authority, kind=kind, name=agency_name, by=by, address="Eastmere", phone="01632 960 300"
        )
        given, _, family = person_name.partition(" ")
        post = Post.objects.filter(agency=agency, title=title).select_related("person").first() or add_post(
            agency=agency,
            title=title,
            by=by,
            given_name=given,
            family_name=family,
            email=address_of(person_name),
            phone="01632 960 3" + f"{len(council.posts):02d}",
            starts_on=since,
        )
        if person_name in council.users and post.person.user_id is None:
            post.person.user = council.users[person_name]
            post.person.save(update_fields=["user"])
        council.posts.setdefault(kind, []).append(post)
