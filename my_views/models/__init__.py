from my_views.models.forms import Answer, DangerSign, DraftAnswer, HandIn, MyViewsForm
from my_views.models.released import ReleasedPassage

__all__ = ["Answer", "DangerSign", "DraftAnswer", "HandIn", "MyViewsForm", "ReleasedPassage"]
