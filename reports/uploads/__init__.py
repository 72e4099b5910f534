"""Files that an agency sends: judged by what they hold, kept under random names, looked over for viruses.

``looking`` and what it uses (``kinds``, ``pdf``, ``office``, ``pictures``) know nothing of Django: they run in a
process of their own with little memory and time, because their libraries read what a stranger wrote.
"""
