"""The service of live pages: one route that tells open pages when their meeting has changed (docs/adr/0027).

It knows no content. Who may follow a meeting is asked of the ordinary site, with all of its middleware.
"""
