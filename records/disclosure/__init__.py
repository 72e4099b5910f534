"""Bundles of records that are given out: to a court, or to a person who asked what is held about them.

``pieces`` says what is held and whom each piece concerns, ``services`` are the acts of people, ``bundle`` makes the
file. Everything held is found through the declarations in ``<app>/data_map.py``.
"""
