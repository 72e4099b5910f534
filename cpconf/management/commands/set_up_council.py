from __future__ import annotations

from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import Authority, User
from accounts.people.services import begin_council
from accounts.people.services.council import approved_domains
from conferences.models import Room
from deadlines.models import PolicyVersion
from deadlines.policies import preset_names
from deadlines.services import put_policy_in_force
from notifications.services.own_mail import new_password_link


class Command(BaseCommand):
    help = (
        "Begin a council in an empty installation: its procedures, teams, rooms and first administrator, who is "
        "mailed a link for choosing a password and adds everybody else. Repeating it adds teams and rooms and "
        "mails another link."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name in small letters, such as eastmere; directories name it")
        parser.add_argument("--name", required=True, help="name of the council as letters show it")
        parser.add_argument("--administrator", required=True, help="name of the first administrator")
        parser.add_argument("--email", required=True, help="the first administrator's e-mail address")
        parser.add_argument("--team", action="append", default=[], help="name of a team; may be repeated")
        parser.add_argument("--room", action="append", default=[], help="name of a meeting room; may be repeated")
        parser.add_argument("--return-address", help="where letters that are not delivered come back to, in one line")
        parser.add_argument(
            "--secure-mail-domain",
            action="append",
            default=[],
            help="domain whose mail the council has approved as secure, so that papers go there; may be repeated",
        )
        parser.add_argument("--preset", default="baseline", help="procedures to begin with (default: baseline)")
        parser.add_argument(
            "--show-link", action="store_true", help="also print the link, where mail can't be sent yet; hand it over"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["preset"] not in preset_names():
            raise CommandError(f"There is no preset {options['preset']!r}; there are {', '.join(preset_names())}.")
        try:
            with pghistory.context(task="set_up_council"):
                user = self._set_up(options)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write("The council is set up. The first administrator is being mailed a link, good for one day.")
        if options["show_link"]:
            self.stdout.write(new_password_link(user))

    @transaction.atomic
    def _set_up(self, options: dict[str, Any]) -> User:
        now = timezone.now()
        user = begin_council(
            slug=options["slug"],
            name=options["name"],
            teams=options["team"],
            email=options["email"],
            administrator=options["administrator"],
            now=now,
        )
        authority = Authority.objects.get(slug=options["slug"])
        if options["return_address"]:
            authority.return_address = "\n".join(part.strip() for part in options["return_address"].split(","))
        if options["secure_mail_domain"]:
            authority.secure_mail_domains = "\n".join(approved_domains("\n".join(options["secure_mail_domain"])))
        authority.save(update_fields=["return_address", "secure_mail_domains"])
        if not PolicyVersion.objects.filter(authority=authority).exists():
            today = timezone.localdate(now)
            put_policy_in_force(authority=authority, preset=options["preset"], in_force_from=today, now=now)
        for name in options["room"]:
            Room.objects.get_or_create(authority=authority, name=name)
        return user
