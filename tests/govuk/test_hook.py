from __future__ import annotations

from govuk.hook import Hook


def test_listeners_are_called_by_order_then_by_connection():
    hook = Hook[str]()
    hook.connect("second", order=10)
    hook.connect("third", order=10)
    hook.connect("first")
    assert list(hook) == ["first", "second", "third"]


def test_a_listener_connected_twice_is_called_once():
    hook = Hook[str]()
    hook.connect("only", order=10)
    hook.connect("only", order=20)
    assert list(hook) == ["only"]


def test_a_listener_may_be_connected_while_others_are_called():
    hook = Hook[str]()
    hook.connect("first")
    for _ in hook:
        hook.connect("second")
    assert list(hook) == ["first", "second"]
