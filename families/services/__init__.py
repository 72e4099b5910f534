"""Writing about people: each function is one act, in one transaction, named as people say it."""

from families.services.agencies import add_agency, add_post, record_involvement
from families.services.cases import (
    allocate_case,
    change_family,
    close_case,
    create_family,
    record_legal_status,
    record_reveal,
)
from families.services.children import (
    Birth,
    ReferralFacts,
    add_child,
    add_pregnancy,
    add_unborn_child,
    change_child,
    change_expected_date,
    end_pregnancy,
    record_birth,
)
from families.services.merges import agree_merge, propose_merge, refuse_merge, undo_merge
from families.services.people import (
    PersonFacts,
    TieFacts,
    add_name,
    add_person,
    change_person,
    end_record,
    join_family,
    record_council_responsibility,
    record_tie,
    seal_person,
)
from families.services.risks import end_contact_risk, record_contact_risk
from families.services.staff import staff_person, staff_post
from families.services.whereabouts import mark_whereabouts, record_contact_point, record_residence

__all__ = [
    "Birth",
    "PersonFacts",
    "ReferralFacts",
    "TieFacts",
    "add_agency",
    "add_child",
    "add_name",
    "add_person",
    "add_post",
    "add_pregnancy",
    "add_unborn_child",
    "agree_merge",
    "allocate_case",
    "change_child",
    "change_expected_date",
    "change_family",
    "change_person",
    "close_case",
    "create_family",
    "end_contact_risk",
    "end_pregnancy",
    "end_record",
    "join_family",
    "mark_whereabouts",
    "propose_merge",
    "record_birth",
    "record_contact_point",
    "record_contact_risk",
    "record_council_responsibility",
    "record_involvement",
    "record_legal_status",
    "record_residence",
    "record_reveal",
    "record_tie",
    "refuse_merge",
    "seal_person",
    "staff_person",
    "staff_post",
    "undo_merge",
]
