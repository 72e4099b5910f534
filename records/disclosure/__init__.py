"""Bundles of records disclosed to a court, or to a person who asked what is held about them.

``pieces`` says what is held and whom each piece concerns, ``services`` are people's actions, ``bundle`` makes
the file. Everything held is found through the declarations in ``<app>/data_map.py``.
"""
