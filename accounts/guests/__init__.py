"""People who come in without an account, by a link sent to their own mailbox and a one-time code.

Nothing about any case stands here. A higher app registers a purpose (``purposes``): which rows a link of its purpose
opens, and to whom they are open now. The middleware asks that condition anew at every request, so whatever closes
a door closes it for a guest who is inside as well.
"""
