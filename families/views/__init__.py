from families.views.agencies import add_agency
from families.views.children import (
    add_child,
    add_pregnancy,
    change_expected_date,
    end_pregnancy,
    record_another_baby,
    record_birth,
    record_legal_status,
)
from families.views.endings import end_record
from families.views.family import allocate_case, change_family, create_family, family
from families.views.history import see_family_as_it_was, see_family_history, see_person_as_it_was, see_person_history
from families.views.listing import families, search
from families.views.people import add_name, add_person, change_person, change_ties, person
from families.views.risks import end_contact_risk, record_contact_risk
from families.views.whereabouts import mark_whereabouts, record_contact_point, record_residence, reveal_whereabouts

__all__ = [
    "add_agency",
    "add_child",
    "add_name",
    "add_person",
    "add_pregnancy",
    "allocate_case",
    "change_expected_date",
    "change_family",
    "change_person",
    "change_ties",
    "create_family",
    "end_contact_risk",
    "end_pregnancy",
    "end_record",
    "families",
    "family",
    "mark_whereabouts",
    "person",
    "record_another_baby",
    "record_birth",
    "record_contact_point",
    "record_contact_risk",
    "record_legal_status",
    "record_residence",
    "reveal_whereabouts",
    "search",
    "see_family_as_it_was",
    "see_family_history",
    "see_person_as_it_was",
    "see_person_history",
]
