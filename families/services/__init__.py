"""Writes about people: each function is one act, in one transaction, named as practitioners say it."""

from families.services.adoptions import record_adoption, seal_adopted, withdraw_adoption
from families.services.agencies import add_agency, add_post, change_agency, not_in_directory, record_involvement
from families.services.births import Birth
from families.services.break_glass import OPEN_FOR, break_glass, chase_reviews, review_glass, reviewers_of
from families.services.cases import (
    allocate_case,
    change_family,
    close_case,
    create_family,
    record_legal_status,
    record_reveal,
)
from families.services.children import ReferralFacts, add_child, change_child
from families.services.losses import answer_after_loss, let_messages_go, record_death, withdraw_loss
from families.services.merges import agree_merge, ask_to_undo_merge, keep_merge, propose_merge, refuse_merge, undo_merge
from families.services.need_to_know import (
    declare_conflict,
    end_conflict,
    end_naming,
    is_barred,
    lift_restriction,
    name_for_family,
    named_managers,
    restrict_family,
)
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
from families.services.posts import change_post, end_post, give_work, settle_work
from families.services.pregnancies import (
    add_pregnancy,
    add_unborn_child,
    change_expected_date,
    end_pregnancy,
    record_birth,
)
from families.services.risks import end_contact_risk, record_contact_risk
from families.services.staff import staff_person, staff_post
from families.services.whereabouts import mark_safe, mark_whereabouts, record_contact_point, record_residence
from families.services.workers import BOTH, RECORDED, TYPED, EnteredWorker, differences, enter_worker

__all__ = [
    "BOTH",
    "OPEN_FOR",
    "RECORDED",
    "TYPED",
    "Birth",
    "EnteredWorker",
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
    "answer_after_loss",
    "ask_to_undo_merge",
    "break_glass",
    "change_agency",
    "change_child",
    "change_expected_date",
    "change_family",
    "change_person",
    "change_post",
    "chase_reviews",
    "close_case",
    "create_family",
    "declare_conflict",
    "differences",
    "end_conflict",
    "end_contact_risk",
    "end_naming",
    "end_post",
    "end_pregnancy",
    "end_record",
    "enter_worker",
    "give_work",
    "is_barred",
    "join_family",
    "keep_merge",
    "let_messages_go",
    "lift_restriction",
    "mark_safe",
    "mark_whereabouts",
    "name_for_family",
    "named_managers",
    "not_in_directory",
    "propose_merge",
    "record_adoption",
    "record_birth",
    "record_contact_point",
    "record_contact_risk",
    "record_council_responsibility",
    "record_death",
    "record_involvement",
    "record_legal_status",
    "record_residence",
    "record_reveal",
    "record_tie",
    "refuse_merge",
    "restrict_family",
    "review_glass",
    "reviewers_of",
    "seal_adopted",
    "seal_person",
    "settle_work",
    "staff_person",
    "staff_post",
    "undo_merge",
    "withdraw_adoption",
    "withdraw_loss",
]
