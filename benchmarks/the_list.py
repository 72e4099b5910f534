"""How long a list check takes among 100,000 plans; fills a database of its own, and leaves it filled."""

from __future__ import annotations

import datetime
import os
import statistics
import subprocess
import sys
import time
import uuid

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")
os.environ.update(DJANGO_DEBUG="false", LOG_LEVEL="ERROR")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Authority, User  # noqa: E402
from benchmarks.england import fill  # noqa: E402
from plans.selectors.list_matches import Asked  # noqa: E402
from plans.services.list_checks import check_list  # noqa: E402

GIVEN = "ARRAY['Catherine','Mohammed','Stephen','Olivia','Noah','Isla','Jack','Aisha','Liam','Zofia','Robin','Wren']"
LAST = "ARRAY['Smith','Jones','Khan','Patel','Brown','Begum','Nowak','Taylor','Hughes','Singh','Walker','Thompson']"
SOUNDS = "ARRAY['ton','ley','by','well','ford','worth','wick','ham','stead','combe','den','more']"
ASKED = (
    Asked(name="Kathryn Smyth", birth_date=datetime.date(2015, 6, 3)),
    Asked(name="Muhammad Kahn Thornley"),
    Asked(name="Steven", birth_date=datetime.date(2012, 1, 1), birth_date_is_about=True),
    Asked(name="Olivia Jones", address="14 Hazel Rd, EM1 2AB"),
    Asked(address="EM4 7QT"),
    Asked(name="Nobody Atall"),
)


def build(number: int) -> None:
    """Create ``number`` children of one council, each with a plan, a home and two adults."""
    people = number * 3
    fill("accounts.Authority", 1, id="i", slug="'bench'", name="'Bench'", colour="'#12464f'")
    fill("accounts.User", 1, id="i", email="'duty@example.org'", name="'Nightjar'")
    fill("accounts.Team", 1, id="i", authority_id="1", name="'Team'")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    name = f"(CASE WHEN i %% 3 = 0 THEN ({LAST})[1 + i / 7 %% 12] ELSE ({LAST})[1 + i %% 12] || ({SOUNDS})[1 + i / 12 %% 12] END)"
    fill("families.Person", people, id="i", authority_id="1", given_name=f"({GIVEN})[1 + i / 5 %% 12]".replace("%%", "%"),
         family_name=name.replace("%%", "%"), birth_date=f"CASE WHEN i <= {number} THEN date '2009-01-01' + i % 6000 ELSE date '1985-01-01' + i % 5000 END",
         birth_date_precision="'exact'")  # fmt: skip
    fill("families.Child", number, id="i", person_id="i", authority_id="1", council_child_id="'C' || i")
    fill("families.Family", number, id="i", authority_id="1", case_number="'26-' || i", name="'F'", team_id="1")
    fill("families.FamilyMember", people, family_id=f"1 + (i - 1) % {number}", person_id="i")
    fill("families.Address", number, id="i", authority_id="1", lines="(1 + i % 90) || ' Hazel' || i / 900 || ' Road'",
         postcode="'EM' || 1 + i % 9 || ' ' || i / 9 % 10 || chr(65 + i / 90 % 26) || chr(65 + i / 2340 % 26)")  # fmt: skip
    fill("families.Residence", people, person_id="i", address_id=f"1 + (i - 1) % {number}")
    fill("plans.Plan", number, id="i", authority_id="1", child_id="i", kind="'cp'", starts_on="current_date - (i % 500)",
         initial_category="'NEG'", created_at="now()")  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def main(number: int) -> None:
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
    if not Authority.objects.exists():
        build(number)
    authority, user = Authority.objects.get(), User.objects.get()
    times = []
    for asked in ASKED:
        for _ in range(3):
            started = time.perf_counter()
            check = check_list(
                authority=authority, asked=asked, caller_name="Bench", caller_agency="Bench", caller_phone="",
                known_by="in_person", why="Bench", form_key=uuid.uuid4(), by=user, now=timezone.now(),
                today=timezone.localdate(),
            )  # fmt: skip
            times.append(time.perf_counter() - started)
        answer = check.answers.get()
        print(
            f"  {asked.name or asked.address:<26} {times[-1] * 1000:6.0f} ms  {answer.kind} {answer.told.get('number', '')}"
        )
    print(
        f"A check among {number:,} plans: median {statistics.median(times) * 1000:.0f} ms, longest {max(times) * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
