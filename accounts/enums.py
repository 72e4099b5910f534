from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    SOCIAL_WORKER = "social_worker", "Social worker"
    TEAM_MANAGER = "team_manager", "Team manager"
    CHAIR = "chair", "Conference chair"
    COORDINATOR = "coordinator", "Conference coordinator"
    SERVICE_MANAGER = "service_manager", "Service manager"
    CUSTODIAN = "custodian", "Custodian of the list"
    DUTY_WORKER = "duty_worker", "Duty worker"
    ADMINISTRATOR = "administrator", "Administrator"
    AUDITOR = "auditor", "Auditor"
    PROFESSIONAL = "professional", "Professional of another agency"
    DESIGNATED_OFFICER = "lado", "Designated officer (LADO)"
    DATA_PROTECTION = "data_protection", "Data protection officer"


WHAT_A_ROLE_DOES = {
    Role.SOCIAL_WORKER: "Records a family, asks for a conference and writes the report.",
    Role.TEAM_MANAGER: "Sees the team's cases and what is late, and agrees requests.",
    Role.CHAIR: "Decides who takes part, leads the day and makes the decisions.",
    Role.COORDINATOR: "Invites, takes notes on the day and prepares the minutes.",
    Role.SERVICE_MANAGER: "Sees the whole council: time limits, workload and what is late.",
    Role.CUSTODIAN: "Keeps the list of children with a child protection plan.",
    Role.DUTY_WORKER: "Checks the list by day and by night.",
    Role.ADMINISTRATOR: "Looks after users, calendar and procedures, and sees no case.",
    Role.AUDITOR: "Reads who looked at what.",
    Role.PROFESSIONAL: "Answers an invitation and writes the agency's report.",
    Role.DESIGNATED_OFFICER: "Handles allegations against people who work with children, and opens no case.",
    Role.DATA_PROTECTION: "Handles incidents with papers that reached the wrong hands, and opens no case.",
}

TEAM_ROLES = frozenset({Role.SOCIAL_WORKER, Role.TEAM_MANAGER})
CONFERENCE_SERVICE_ROLES = frozenset({Role.CHAIR, Role.COORDINATOR, Role.SERVICE_MANAGER})
CASE_ROLES = TEAM_ROLES | CONFERENCE_SERVICE_ROLES
# Whose word a change of someone's account or role waits for: the second only where no other of the first is left.
CONFIRMING_ROLES = (Role.ADMINISTRATOR, Role.SERVICE_MANAGER)
# Who may be named as the second person where there is no second service manager. Administrators see no case.
SECOND_PERSON_ROLES = (Role.TEAM_MANAGER, Role.CHAIR, Role.COORDINATOR, Role.CUSTODIAN, Role.AUDITOR)


class ReadKind(models.TextChoices):
    PAGE = "page", "Page"
    PDF = "pdf", "PDF"
    SEARCH = "search", "Search"
    LIST = "list", "In a list"
    EXPORT = "export", "Export"
    REFUSED = "refused", "Refused"


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", "Waiting for a second administrator"
    CONFIRMED = "confirmed", "Confirmed"
    REFUSED = "refused", "Refused"


class AccountChange(models.TextChoices):
    """A change that would let whoever makes it come in as someone else."""

    ADDRESS = "address", "Change the e-mail address"
    STEPS = "steps", "Remove the second steps"
    REOPENING = "reopening", "Reopen the account"
