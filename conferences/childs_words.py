"""What a child reads in fixed words, on their own page and in their letter, by how they are written to.

All of it stands here. ``tests/conferences/test_by_understanding.py`` measures how hard it is to read.
"""

from __future__ import annotations

from dataclasses import dataclass

from conferences.enums import Band, Need, Outcome, Reply


@dataclass(frozen=True)
class ChildsWords:
    """The fixed words for one way of writing to a child.

    ``{day}``, ``{month}``, ``{often}``, ``{chair}``, ``{worker}`` and ``{who}`` are filled in. ``decided`` says by
    outcome what a decision may be told as; whoever tells the child changes it as they see fit.
    """

    # The own page.
    what_it_is: tuple[str, ...]
    what_happens: tuple[str, ...]
    who_can_move_you: str
    you_choose: tuple[str, ...]
    leader: str
    after_it: str
    # Saying whether they come, and asking for something. ``replies`` and ``needs`` say what they can choose.
    answer_heading: str
    answer_note: str
    replies: dict[str, str]
    asking_row: str
    asking_heading: str
    asking_lead: tuple[str, ...]
    asking_apart: str
    asking_label: str
    needs: dict[str, str]
    needs_afterwards: dict[str, str]
    tell_more: str
    tell_more_hint: str
    # The letter.
    title: str
    opening: tuple[str, ...]
    said_heading: str
    said_thanks: str
    said_nothing: str
    told_heading: str
    told_nothing: str
    plan_heading: str
    next_heading: str
    ask_heading: str
    ask: str
    danger: str
    by_day: str
    by_night: str
    worker: str
    advocate: str
    no_advocate: str
    keep: str
    # What may be told, as a proposal.
    decided: dict[str, str]
    still_in_force: str
    visits: str
    review: str


YOUNGEST = ChildsWords(
    what_it_is=(
        "Some grown-ups will meet. They want you to be safe and happy.",
        "You are not in trouble. You did nothing wrong.",
    ),
    what_happens=(
        "The grown-ups sit at a table and talk.",
        "They say what is good and what is hard.",
        "They make a plan to help.",
        "Someone you know will tell you about it.",
    ),
    who_can_move_you="The meeting can not take you away from home.",
    you_choose=(
        "You can tell us what you think. You can draw it.",
        "You do not have to tell us.",
        "Someone you like can help you.",
    ),
    leader="{chair} leads the meeting. {chair} wants to hear what you think.",
    after_it="You will get a letter. Someone will read it with you.",
    answer_heading="Do you want to come?",
    answer_note="You can change your mind.",
    replies={
        Reply.COMING: "Yes, I want to be there",
        Reply.ONLINE: "Yes, on a screen",
        Reply.NOT_COMING: "No, I do not want to",
    },
    asking_row="Tell us what would help you.",
    asking_heading="Ask for help",
    asking_lead=("Tell us what would help you.", "We read it. Your family does not."),
    asking_apart="Is there someone you do not want to see? Tell us who. We will not say it was you.",
    asking_label="What would help you?",
    needs={
        Need.APART: "I do not want to see someone",
        Need.TALK_BEFORE: "I want to talk to someone first",
        Need.SOMEBODY_ALONG: "I want someone I like to be with me",
        Need.READING: "I want someone to read to me",
        Need.INTERPRETER: "I want someone who speaks my language, or signs",
        Need.HEARING: "I can not hear well",
        Need.SOMETHING_ELSE: "I want to ask for something else",
    },
    needs_afterwards={
        Need.WRONG: "My letter is not right",
        Need.READING: "I want someone to read to me",
        Need.COMPLAIN: "I did not like how it was",
        Need.SOMETHING_ELSE: "I want to ask for something else",
    },
    tell_more="Do you want to say more?",
    tell_more_hint="Write it the way you say it.",
    title="A letter for you",
    opening=("On {day} some grown-ups met to talk about you.", "They want you to be safe and happy."),
    said_heading="What you said",
    said_thanks="Thank you. It helped us.",
    said_nothing="You can still tell us what you think. You can draw it too.",
    told_heading="What the grown-ups said",
    told_nothing="{worker} will come and talk to you about it.",
    plan_heading="What we will do",
    next_heading="What comes next",
    ask_heading="If you feel sad or scared",
    ask="Tell a grown-up you trust. You can tell us too. It is good to tell.",
    danger="If someone hurts you or you are very scared, ring 999.",
    by_day="You can ring us in the day:",
    by_night="At night you can ring:",
    worker="{who} is your social worker. You can ask {who} all you want to know.",
    advocate="{who} can help you say what you think.",
    no_advocate="You can have a helper who speaks up for you. Ask for one.",
    keep="This letter is yours. You do not have to show it to anyone.",
    decided={
        Outcome.CP_PLAN: "We made a plan to keep you safe.",
        Outcome.CIN_PLAN: "We made a plan to help you and your family.",
        Outcome.CIN_REFUSED: "We talked about what can help. There is no plan now.",
        Outcome.FURTHER_ASSESSMENT: "We want to know more first. Someone will come to talk to you.",
        Outcome.OTHER_SUPPORT: "We talked about what can help you and your family.",
        Outcome.PLAN_ENDS: "Your plan has come to an end.",
        Outcome.NOTHING: "You do not need a plan now.",
    },
    still_in_force="The plan to keep you safe goes on.",
    visits="Someone will come to see you {often}.",
    review="The grown-ups will meet again in {month}.",
)
MIDDLE = ChildsWords(
    what_it_is=(
        (
            "Some grown-ups will meet to talk about you and your family. They want to know how you are and what would "
            "help."
        ),
        "You are not in trouble. It is not your fault that we meet.",
    ),
    what_happens=(
        "The person who leads the meeting says hello, and says who everyone is.",
        "They talk about what is going well and what is worrying.",
        "They hear what you think, if you want to tell them.",
        "They make a plan. It says who will help, and how.",
        "Someone tells you about it, and you get a letter.",
    ),
    who_can_move_you=(
        "The meeting cannot take you away from home. Only a judge in a court can say that a child must live "
        "somewhere else. The police can keep a child safe for a short time, if there is danger right now."
    ),
    you_choose=(
        "You can come for all of it, for a part of it, or not at all.",
        "You can speak first or last.",
        "You can talk to the person who leads the meeting, just the two of you.",
        "You can write or draw what you think, and someone can say it for you.",
        "You can ask for a break. You do not have to answer.",
    ),
    leader="{chair} leads the meeting. The job is to be fair, and to hear what you think.",
    after_it="You will get a letter that says what happened. Someone will go through it with you.",
    answer_heading="Do you want to come to the meeting?",
    answer_note="You can change your mind until it starts.",
    replies={
        Reply.COMING: "Yes, I want to be there",
        Reply.ONLINE: "Yes, on a screen",
        Reply.NOT_COMING: "No. You can still tell us what you think.",
    },
    asking_row="For example to bring someone, or not to see someone.",
    asking_heading="Ask for something",
    asking_lead=(
        "Tell us what would help you.",
        "Only the people who set up the meeting read this. Your family does not.",
    ),
    asking_apart=(
        "Is there someone you do not want to be in a room with? Tell us their name. We will not tell them that it was "
        "you. The person who leads the meeting decides."
    ),
    asking_label="What would help you?",
    needs={
        Need.APART: "Not to be in a room with someone",
        Need.OTHER_TIME: "To come when the others are not there",
        Need.BY_VIDEO: "To join on a screen",
        Need.TALK_BEFORE: "To talk to someone before the meeting",
        Need.MEET_CHAIR: "To talk to the person who leads it, just the two of us",
        Need.SOMEBODY_ALONG: "To bring someone with me",
        Need.READING: "Someone to read things to me",
        Need.BIGGER_PRINT: "Big letters or short words",
        Need.INTERPRETER: "Someone who speaks my language, or signs",
        Need.HEARING: "Help to hear",
        Need.GETTING_THERE: "Help to get there",
        Need.STEP_FREE: "A room with no steps",
        Need.SOMETHING_ELSE: "Something else",
    },
    needs_afterwards={
        Need.WRONG: "Something in my letter is not right",
        Need.COMPLAIN: "I am not happy with how it went",
        Need.READING: "Someone to read things to me",
        Need.BIGGER_PRINT: "Big letters or short words",
        Need.SOMETHING_ELSE: "Something else",
    },
    tell_more="Do you want to say more?",
    tell_more_hint="Write it in your own words.",
    title="A letter for you",
    opening=(
        (
            "On {day} some grown-ups met to talk about you and your family. They wanted to know how you are and how to "
            "keep you safe. {chair} led the meeting."
        ),
        "This letter tells you about it. It is not your fault that we met.",
    ),
    said_heading="What you told us",
    said_thanks="Thank you for telling us. We thought about it.",
    said_nothing="You can still tell us what you think. You can write it, draw it or say it.",
    told_heading="What was said about it",
    told_nothing="{worker} will come and talk to you about what was said.",
    plan_heading="What we will do",
    next_heading="What happens next",
    ask_heading="If you are worried",
    ask="Talk to a grown-up you trust. You can ring us, too. You will not get into trouble for it.",
    danger="If you are in danger now, ring 999.",
    by_day="You can ring us in the day:",
    by_night="At night and at weekends you can ring:",
    worker="{who} is your social worker. You can ask {who} anything.",
    advocate="{who} is your advocate. That is someone who helps you say what you think. They are on your side.",
    no_advocate="You can have an advocate. That is someone who helps you say what you think. Ask us for one.",
    keep="This letter is for you. You choose who sees it. You can ask someone to keep it safe for you.",
    decided={
        Outcome.CP_PLAN: (
            "We made a plan to keep you safe. It is called a child protection plan. It says what has to change, and "
            "who will help."
        ),
        Outcome.CIN_PLAN: "We made a plan to help you and your family. Your family said yes to it.",
        Outcome.CIN_REFUSED: "We talked about help for your family. There is no plan for help now.",
        Outcome.FURTHER_ASSESSMENT: "We want to find out more first. Someone will come and talk to you.",
        Outcome.OTHER_SUPPORT: "You do not have a plan. We talked about other help for you and your family.",
        Outcome.PLAN_ENDS: "Your plan has come to an end, because things are safer now.",
        Outcome.NOTHING: "You do not need a plan now.",
    },
    still_in_force="The plan to keep you safe goes on.",
    visits="Someone will come to see you {often}.",
    review="We will meet again in {month}. We will see what is better and what is still hard.",
)
OLDER = ChildsWords(
    what_it_is=(
        (
            "People who work with you and your family will meet. They want to know how things are for you, and to plan "
            "what would make things safer."
        ),
        "It is about you, so what you think matters. None of this is your fault.",
    ),
    what_happens=(
        "The person who leads the meeting says why we meet, and who everyone is.",
        "Each person says what is worrying and what is going well.",
        "You have your say, in the way that you choose.",
        "We make a plan together. It says who does what, and by when.",
        "Each person says what they think. Then the person who leads the meeting decides.",
        "You hear what was decided, and you get a letter.",
    ),
    who_can_move_you=MIDDLE.who_can_move_you,
    you_choose=(
        "You can come for all of it, for a part of it, or not at all.",
        "You can speak first or last.",
        "You can meet the person who leads it instead, or before the others come.",
        "You can write down what you think, and choose who reads it out.",
        "You can say that you do not agree. You can ask for a break, or leave.",
    ),
    leader=(
        "{chair} leads the meeting and does not work with your family. The job is to be fair and to make sure that you "
        "are heard. {chair} decides at the end."
    ),
    after_it="You get a letter of your own. Your social worker goes through it with you.",
    answer_heading="Do you want to come to the meeting?",
    answer_note="You can change your mind until it starts. You can come for a part of it.",
    replies={
        Reply.COMING: "Yes, I want to be there",
        Reply.ONLINE: "Yes, on a screen",
        Reply.NOT_COMING: "No. I can still say what I think.",
    },
    asking_row="For example to bring someone, to meet the person who leads it, or not to see someone.",
    asking_heading="Ask for something",
    asking_lead=("Only the people who set up the meeting read this. No one in your family does.",),
    asking_apart=(
        "Is there someone you do not want to be in a room with? Say their name. They are not told who asked. The "
        "person who leads the meeting decides."
    ),
    asking_label="What do you need?",
    needs={
        Need.APART: "Not to be in the same room as someone",
        Need.OTHER_TIME: "To come at another time than the others",
        Need.BY_VIDEO: "To join on a screen",
        Need.TALK_BEFORE: "To talk to someone before the meeting",
        Need.MEET_CHAIR: "To meet the person who leads it, just the two of us",
        Need.SOMEBODY_ALONG: "To bring someone with me",
        Need.READING: "Someone to read things to me",
        Need.BIGGER_PRINT: "Bigger print or simpler words",
        Need.INTERPRETER: "Someone who speaks my language, or signs",
        Need.HEARING: "Help to hear",
        Need.GETTING_THERE: "Help to get there",
        Need.STEP_FREE: "A room with no steps",
        Need.CHILD_CARE: "Someone to look after my child",
        Need.SOMETHING_ELSE: "Something else",
    },
    needs_afterwards={
        Need.WRONG: "Something in my letter is wrong",
        Need.COMPLAIN: "I want to complain",
        Need.READING: "Someone to read things to me",
        Need.BIGGER_PRINT: "Bigger print or simpler words",
        Need.SOMETHING_ELSE: "Something else",
    },
    tell_more="Tell us more",
    tell_more_hint="Your own words will do.",
    title="A letter for you",
    opening=(
        "On {day} people met to talk about how safe things are for you and what would help. {chair} led the meeting.",
        "This letter is for you alone. It says what you told us and what came of it.",
    ),
    said_heading="What you told us",
    said_thanks="Thank you for telling us. It was thought about.",
    said_nothing="You can still tell us what you think, in any way that suits you.",
    told_heading="What was decided",
    told_nothing="{worker} will come and talk to you about what was decided.",
    plan_heading="What is in the plan",
    next_heading="What happens next",
    ask_heading="If you are worried, or do not agree",
    ask=(
        "Talk to someone you trust, or ring us. You can say that you do not agree. You can ask to see the person who "
        "led the meeting."
    ),
    danger="If you are in danger now, ring 999.",
    by_day="You can ring us in the day:",
    by_night="At night and at weekends you can ring:",
    worker="{who} is your social worker. You can ask {who} anything about this letter.",
    advocate="{who} is your advocate. They help you to be heard. They do not work for us.",
    no_advocate="You can have an advocate, who helps you to be heard and does not work for us. Ask us for one.",
    keep="This letter is for you. You choose who sees it. Someone you trust can keep it safe for you.",
    decided={
        Outcome.CP_PLAN: (
            "We decided that you need a child protection plan. It says what has to change so that you are safe, who "
            "helps, and by when. It stays until a meeting decides that you are safe without it."
        ),
        Outcome.CIN_PLAN: "We made a plan to help you and your family. It is help that your family said yes to.",
        Outcome.CIN_REFUSED: "Your family was offered a plan for help. There is none now.",
        Outcome.FURTHER_ASSESSMENT: "Before anyone decides on a plan, we will find out more. We will talk to you too.",
        Outcome.OTHER_SUPPORT: "There is no plan. We talked about other help for you and your family.",
        Outcome.PLAN_ENDS: "Your plan has ended, because things are safer for you now.",
        Outcome.NOTHING: "You do not need a plan now.",
    },
    still_in_force="Your child protection plan goes on as it is.",
    visits="Someone will come to see you {often}. You can talk to them alone.",
    review="We meet again in {month} to see what has changed. You can have your say again.",
)
WORDS_FOR: dict[str, ChildsWords] = {Band.YOUNGEST: YOUNGEST, Band.MIDDLE: MIDDLE, Band.OLDER: OLDER}
HIGHEST_GRADE: dict[str, float] = {Band.YOUNGEST: 3.0, Band.MIDDLE: 5.0, Band.OLDER: 6.0}
"""The Flesch-Kincaid grade that the words for each may have at most."""
