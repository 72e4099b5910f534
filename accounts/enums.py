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


TEAM_ROLES = frozenset({Role.SOCIAL_WORKER, Role.TEAM_MANAGER})
CONFERENCE_SERVICE_ROLES = frozenset({Role.CHAIR, Role.COORDINATOR, Role.SERVICE_MANAGER})
CASE_ROLES = TEAM_ROLES | CONFERENCE_SERVICE_ROLES


class ReadKind(models.TextChoices):
    PAGE = "page", "Page"
    PDF = "pdf", "PDF"
    SEARCH = "search", "Search"
    EXPORT = "export", "Export"
    REFUSED = "refused", "Refused"


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", "Waits for a second administrator"
    CONFIRMED = "confirmed", "Confirmed"
    REFUSED = "refused", "Refused"
