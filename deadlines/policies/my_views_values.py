"""The values of My Views: the council's own questions, and the words of danger."""

from __future__ import annotations

from deadlines.policies import question_types as asked
from deadlines.policies import value_types as types
from deadlines.policies.value_groups import Group, followed


class MyViews(Group):
    title = "My Views"

    my_views_adult: asked.Questions = followed("what a parent, carer or relative is asked before the meeting")
    my_views_young_person: asked.Questions = followed("what a young person is asked")
    my_views_child: asked.Questions = followed("what a child is asked who reads and writes")
    my_views_young_child: asked.Questions = followed("what a small child is asked, with help")
    my_views_child_from: asked.FromAge = followed("age from which the form, pages and letter for a child are proposed")
    my_views_young_person_from: asked.FromAge = followed(
        "age from which the form, pages and letter for a young person are proposed"
    )
    my_views_scale_ends: asked.ScaleEnds = followed("words at the ends of the scale in My Views")
    my_views_faces: asked.FaceWords = followed("words beside the faces in My Views")
    my_views_danger_words: types.Texts = followed(
        "words in a form that was handed in of which the chair and social work are told at once, and the writer is not"
    )
