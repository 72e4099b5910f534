from __future__ import annotations

from types import SimpleNamespace

from django.test import Client

from tests.told import addresses
from tests.world import is_about_the_family


def test_papers_about_the_users_own_family_do_not_open(world: SimpleNamespace) -> None:
    world.of.coordinator.person.user = None
    world.of.coordinator.person.save()
    world.hazel.user = world.coordinator
    world.hazel.save()
    client = Client()
    client.force_login(world.coordinator)
    papers = {
        name: address
        for name, address in addresses(world).items()
        if name.startswith("reports:") and is_about_the_family(name)
    }
    assert len(papers) > 25
    assert {name for name, address in papers.items() if client.get(address).status_code != 404} == set()
