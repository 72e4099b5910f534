"""Files that agencies send: checked by content, stored under random names, scanned for viruses.

``inspect_file`` and what it uses (``file_types``, ``pdf``, ``office``, ``pictures``) do not import Django: they
run in a separate process with little memory and time, because their libraries read what a stranger wrote.
"""
