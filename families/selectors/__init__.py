"""Reads about people: families and their children, adults around them, agencies, whereabouts, search."""

from families.selectors.agencies import agencies_knowing
from families.selectors.directory import Worker, agencies_in_directory, directory_of, likely_workers, posts_in_directory
from families.selectors.duplicates import likely_agencies, likely_duplicates, likely_families
from families.selectors.need_to_know import open_glass
from families.selectors.page import FamilyPage, family_page
from families.selectors.people import (
    Adult,
    RecordedTies,
    Tie,
    adults_for,
    born_members_of,
    children_of,
    holders_of_responsibility,
    managers_of,
    members_of,
    open_contact_risks,
    recorded_ties,
    workers_of,
)
from families.selectors.person import PersonPage, person_page
from families.selectors.search import ListedFamily, family_list, filter_families, read_term, search_families
from families.selectors.whereabouts import (
    AroundChildren,
    Hidden,
    Whereabouts,
    confidential_whereabouts,
    hidden_whereabouts,
)

__all__ = [
    "Adult",
    "AroundChildren",
    "FamilyPage",
    "Hidden",
    "ListedFamily",
    "PersonPage",
    "RecordedTies",
    "Tie",
    "Whereabouts",
    "Worker",
    "adults_for",
    "agencies_in_directory",
    "agencies_knowing",
    "born_members_of",
    "children_of",
    "confidential_whereabouts",
    "directory_of",
    "family_list",
    "family_page",
    "filter_families",
    "hidden_whereabouts",
    "holders_of_responsibility",
    "likely_agencies",
    "likely_duplicates",
    "likely_families",
    "likely_workers",
    "managers_of",
    "members_of",
    "open_contact_risks",
    "open_glass",
    "person_page",
    "posts_in_directory",
    "read_term",
    "recorded_ties",
    "search_families",
    "workers_of",
]
