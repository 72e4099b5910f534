"""How long records are kept, what stops their disposal, and their disposal by two people.

``rules`` says how long (pure), ``due`` finds the cases due for disposal, ``disposal_sql`` writes the function
that overwrites a case, ``services`` are people's actions. ``upkeep`` runs at night: it overwrites what surrounds the
cases (messages, drafts, checks of the list, bundles, reads) when the council's time for it is over.
"""
