"""Guests: people without an account, who come in by a link sent to their own mailbox and a one-time code.

This package knows nothing about cases. A higher app registers a purpose (``purposes``): which rows a link of
that purpose opens, and who they are open to now. The middleware checks that condition again on every request,
so revoking access also stops a guest already signed in.
"""
