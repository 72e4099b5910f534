"""How long records are kept, what stops their disposal, and their disposal by two people.

``rules`` says how long (pure), ``due`` finds the cases whose time is over, ``database`` writes the function that
overwrites a case, ``services`` are the acts of people. Nothing here runs by itself.
"""
