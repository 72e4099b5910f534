"""What a directory says about a user, read without a request."""

from __future__ import annotations

import json

import pytest

from accounts.directory.claims import ClaimsRefused, GrantedRole, read_claims
from accounts.signin import directories as configuration
from accounts.signin.directories import Directory, GroupGives

DESCRIBED = {
    "slug": "eastmere",
    "name": "Eastmere Council",
    "authority": "eastmere",
    "issuer": "https://directory.example/eastmere",
    "client_id": "cpconf",
    "email_domains": ["eastmere.example"],
    "groups": {
        "chairs": {"role": "chair"},
        "assessment": {"role": "social_worker", "team": "Assessment"},
        "any-team": {"role": "social_worker"},
    },
    "team_claim": "department",
}
DIRECTORY = Directory(
    slug="eastmere",
    name="Eastmere Council",
    authority="eastmere",
    issuer="https://directory.example/eastmere",
    client_id="cpconf",
    secret="s",
    email_domains=frozenset({"eastmere.example"}),
    groups={name: GroupGives(**gives) for name, gives in DESCRIBED["groups"].items()},
    team_claim="department",
    job_title_claim="title",
    acr=frozenset({"urn:two"}),
)
CLAIMS = {
    "sub": "7f3",
    "name": "Wren Marsh",
    "email": "Wren.Marsh@eastmere.example",
    "email_verified": True,
    "title": "Social worker",
    "department": "Long term",
    "groups": ["assessment", "everybody"],
    "amr": ["pwd", "mfa"],
    "auth_time": 1_796_720_400,
}


def told(**changed):
    return read_claims(DIRECTORY, {name: value for name, value in {**CLAIMS, **changed}.items() if value is not None})


def test_reads_every_claim():
    somebody = told()
    assert (somebody.subject, somebody.name, somebody.job_title) == ("7f3", "Wren Marsh", "Social worker")
    assert somebody.email == "wren.marsh@eastmere.example"
    assert somebody.roles == {GrantedRole("social_worker", "Assessment")}
    assert (somebody.second_factor, somebody.asked_at) == (True, 1_796_720_400)


@pytest.mark.parametrize(
    ("changed", "email"),
    [
        ({}, "wren.marsh@eastmere.example"),
        ({"email_verified": "true"}, "wren.marsh@eastmere.example"),
        ({"email_verified": False}, ""),
        ({"email_verified": "false"}, ""),
        ({"email_verified": None}, ""),
        ({"email": "wren@elsewhere.example"}, ""),
        ({"email": "wren@eastmere.example.elsewhere.example"}, ""),
        ({"email": "wren@sub.eastmere.example"}, ""),
        ({"email": "x" * 64 + "@eastmere.example" + ".elsewhere" * 9 + ".example"}, ""),
        ({"email": "wren@eastmere.example, finch@eastmere.example"}, ""),
        ({"email": "wren@eastmere.example\n"}, ""),
        ({"email": ["wren@eastmere.example"]}, ""),
    ],
)
def test_an_address_counts_only_if_verified_and_in_the_councils_domain(changed, email):
    assert told(**changed).email == email


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        ([], []),
        (None, []),
        ("chairs", [GrantedRole("chair")]),
        (["chairs", "assessment"], [GrantedRole("chair"), GrantedRole("social_worker", "Assessment")]),
        (["any-team"], [GrantedRole("social_worker", "Long term")]),
        (["everybody", 7, {"role": "chair"}], []),
        ({"chairs": True}, []),
    ],
)
def test_groups_give_roles_and_teams(groups, roles):
    assert sorted(told(groups=groups).roles) == roles


@pytest.mark.parametrize(
    ("changed", "given"),
    [
        ({}, True),
        ({"amr": "mfa"}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": None}, False),
        ({"amr": None, "acr": "urn:two"}, True),
        ({"amr": None, "acr": "urn:one"}, False),
        ({"amr": {"mfa": 1}}, False),
    ],
)
def test_a_second_factor_counts_only_if_claimed(changed, given):
    assert told(**changed).second_factor is given


def test_a_name_in_two_parts_or_none():
    assert told(name=None, given_name="Wren", family_name="Marsh").name == "Wren Marsh"
    assert told(name=None).name == "wren.marsh@eastmere.example"
    assert told(name="Wren\x00 Marsh").name == "Wren Marsh"


@pytest.mark.parametrize("subject", [None, "", 7, "x" * 192])
def test_a_missing_subject_is_refused(subject):
    with pytest.raises(ClaimsRefused):
        told(sub=subject)


@pytest.mark.parametrize("said", [{"_claim_names": {"groups": "src1"}}, {"hasgroups": True}, {"hasgroups": "true"}])
def test_omitted_groups_are_not_taken_for_none(said):
    with pytest.raises(ClaimsRefused):
        told(groups=None, **said)


class TestConfiguration:
    @pytest.fixture(autouse=True)
    def _secret(self, settings):
        settings.OIDC_SECRETS = {"OIDC_SECRET_EASTMERE": "hush"}
        settings.OIDC_DIRECTORIES = ""

    def problems(self, settings, *described):
        settings.OIDC_DIRECTORIES = json.dumps(described)
        return list(configuration.problems())

    def test_a_valid_configuration_is_used(self, settings):
        assert self.problems(settings, DESCRIBED) == []
        found = configuration.directory_called("eastmere")
        assert (found.secret, found.groups["chairs"].role, found.amr) == ("hush", "chair", {"mfa"})

    def test_no_directory_is_not_an_error(self):
        assert (configuration.directories(), configuration.problems()) == ((), ())

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"issuer": ""}, "issuer is missing."),
            ({"issuer": "http://directory.example"}, "issuer must begin with https://."),
            (
                {"issuer": "https://d.example/.well-known/openid-configuration"},
                "issuer must be the address alone, without the document's path or a query.",
            ),
            ({"client_id": ""}, "client_id is missing."),
            ({"colour": "red"}, "colour is unknown."),
            ({"name": 7}, "name must be a text."),
            ({"amr": "mfa"}, "amr must be a list of texts."),
            ({"email_domains": ["@eastmere.example"]}, "'@eastmere.example' is not a domain."),
            ({"scopes": ["profile"]}, "scopes must hold openid."),
            ({"groups": {"g": {"role": "king"}}}, "group g: there is no role 'king'."),
            ({"groups": {"g": {}}}, "group g: there is no role None."),
            ({"groups": {"g": "chair"}}, "group g: give role and, where needed, team."),
            (
                {"groups": {"g": {"role": "team_manager"}}, "team_claim": ""},
                "group g: the role team_manager needs a team, or a team_claim that names it.",
            ),
        ],
    )
    def test_each_mistake_is_named_and_disables_the_directory(self, settings, changed, said):
        assert self.problems(settings, {**DESCRIBED, **changed}) == [f"Directory eastmere: {said}"]
        assert configuration.directories() == ()

    def test_a_missing_secret(self, settings):
        settings.OIDC_SECRETS = {}
        assert self.problems(settings, DESCRIBED) == ["Directory eastmere: OIDC_SECRET_EASTMERE is not set."]

    def test_a_duplicate_slug(self, settings):
        assert self.problems(settings, DESCRIBED, DESCRIBED) == ["Directory eastmere: slug is used twice."]

    def test_an_invalid_slug(self, settings):
        settings.OIDC_SECRETS = {"OIDC_SECRET_EAST MERE": "hush"}
        assert self.problems(settings, {**DESCRIBED, "slug": "East mere"}) == [
            "Directory East mere: slug may hold small letters, digits and hyphens, 50 at most."
        ]

    @pytest.mark.parametrize(
        ("text", "said"),
        [("{", "OIDC_DIRECTORIES is not JSON."), ("{}", "OIDC_DIRECTORIES must be a list of objects.")],
    )
    def test_not_a_list(self, settings, text, said):
        settings.OIDC_DIRECTORIES = text
        assert configuration.problems() == (said,)

    def test_one_mistake_leaves_the_other_directories_enabled(self, settings):
        settings.OIDC_SECRETS |= {"OIDC_SECRET_WESTMERE": "hush"}
        self.problems(settings, {**DESCRIBED, "issuer": ""}, {**DESCRIBED, "slug": "westmere"})
        assert [one.slug for one in configuration.directories()] == ["westmere"]
