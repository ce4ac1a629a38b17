"""What people wrote in the fictional records: short, humane, about feelings and support, never about what happened."""

from casework.models import Contact

Purpose = Contact.Purpose

NOTES: dict[str, tuple[str, ...]] = {
    Purpose.FIRST_SESSION: (
        "We met for the first time. Explained what I can and cannot do. They asked good questions and set the pace.",
        "First session. They were tired and relieved to have come. Agreed how we keep in touch.",
    ),
    Purpose.SUPPORT: (
        "Talked about sleep and about the days that are easier. They are going back to the choir.",
        "A hard week. We stayed with how it feels and looked at what helps in the evenings.",
        "They felt stronger today and want to plan a weekend away with a friend.",
        "Spoke about anger, and that it is allowed. They would like a shorter call next time.",
    ),
    Purpose.PRACTICAL: (
        "Went through the housing form together. They will send it this week.",
        "Wrote to the college about time for coursework, with consent.",
        "Looked at the budget; an appointment with money advice is made.",
    ),
    Purpose.SAFETY: (
        "Went through the safety plan line by line. A neighbour now has a key.",
        "Changed the route to work, and agreed a code word for messages.",
    ),
    Purpose.JUSTICE: (
        "Explained what happens next and who decides. They want news by phone, in the morning only.",
        "Call with the officer, then with the client: no decision yet, and we said so plainly.",
        "Talked through special measures. They would like a screen and to see the room beforehand.",
    ),
    Purpose.REVIEW: (
        "Looked at the plan together: two actions are done, one is put off at their wish.",
        "Reviewed needs. Home is better than in spring, study is still difficult.",
    ),
    Purpose.ADVOCACY: (
        "Asked the surgery to offer a named person at reception. They agreed.",
        "Spoke up for an interpreter of the client's choice. Granted for the next appointment.",
    ),
    Purpose.CHECK_IN: (
        "Short call. All as agreed, nothing new.",
        "Text as agreed; a thumbs-up came back.",
    ),
    Purpose.CRISIS: (
        "They rang in distress. Stayed on the phone, agreed the evening hour by hour, rang back later.",
    ),
}  # fmt: skip

MISSED = (
    "No answer. Tried again as agreed.",
    "They did not come; a text with a new time went out, as they prefer.",
    "They asked to move it by a week.",
)

GOALS = (
    "To sleep better, to feel safe on the way to work, and to understand what the police will do.",
    "To finish the year at college and to have somebody beside me at the meetings.",
    "To decide in my own time whether to report, and to have evenings that are mine again.",
    "To be told about decisions by somebody I know, and to see my children calm.",
)
SAFETY_PLANS = (
    "Phone charged and with me. A neighbour has a key. Code word agreed. If I feel unsafe I go to my sister's.",
    "The route is changed. Two friends know where I am on Thursdays. 999 first, then the service.",
)
WHAT_IFS = (
    "If I do not answer twice, text me on a weekday morning. If a decision comes, tell me by phone, never by letter.",
    "If I am overwhelmed we stop, and meet again the next day.",
)
ENDINGS = (
    "We end when the justice process is over or earlier if I say so; we speak of it at each review.",
    "A last review, a letter to myself, and how to come back.",
)
ACTIONS = {
    "safety": ("Ask for a marker on the address", "Go through the safety plan"),
    "wellbeing": ("Refer to talking therapy", "Try the breathing card in the evening"),
    "health": ("Make an appointment at the clinic", "Ask the surgery for a longer appointment"),
    "justice": ("Explain the Victims' Code rights", "Ask the officer for a fixed day for news"),
    "home": ("Support the application to move", "Ask the landlord for a new lock"),
    "money": ("See money advice", "Write to the employer about hours"),
    "family": ("Speak with the school", "Find an afternoon of childcare"),
    "friends": ("Go back to the choir", "Meet the peer group once"),
    "identity": ("Find an interpreter the client chooses", "Ask the community project for a contact"),
    "substances": ("Offer an appointment with Harvest Recovery",),
    "victimisation": ("Speak with the domestic abuse service",),
    "services": ("Agree who coordinates",),
}
NEEDS = {
    "wellbeing": "Counselling beyond what an ISVA offers",
    "home": "A safe place to live",
    "money": "Advice on debts and benefits",
    "health": "A sexual health check",
    "identity": "Advice on immigration status",
    "substances": "Support with alcohol",
    "family": "Support for the children",
}
CLIENT_VIEWS = (
    "I feel a little safer than last time.", "The waiting is the hardest.", "I can talk about plans again.",
    "I still do not like to go out in the evening.", "It helps that somebody tells me what comes next.",
)  # fmt: skip
JUDGEMENTS = (
    "Needs are met in part; the process weighs most.", "Protective factors have grown. Keep the rhythm.",
    "Risk from outside is lower, wellbeing needs attention.", "Steady. Speak of the ending at the next review.",
)  # fmt: skip
CHANGED = (
    "Sleeps through most nights, is back at work three days, knows whom to ring.",
    "The process is over. They say that they were believed by somebody, and that it mattered.",
    "Has counselling in place and feels safe at home.",
)
SUPPORT_WANTED = (
    "Somebody to explain what the police will do, and to be there.",
    "To talk with somebody who does not judge, and help with housing.",
    "Help to decide whether to report.",
    "Support for court, and for sleep.",
)
TRIAGE_REASONS = {
    "interim": "Support is wanted and a place is not free yet; able to wait with regular contact.",
    "allocate": "Support is wanted, and the justice process needs somebody soon.",
    "allocate_now": "High risk, and a decision by the police is near.",
    "advice": "Wanted to know their options; has what they need for now and knows how to come back.",
    "not_this_service": "Lives and is supported in another county; handed over with consent.",
    "declined": "Does not want support at present; the door stays open.",
    "unable": "Several attempts by different methods at different times; the referrer is told.",
}
WHERE_TO = ("A counselling service near them, and the national helpline.", "Their own county's ISVA service.")
INTERIM_NOTES = (
    "Managing. Has the information pack and read parts of it.",
    "Glad of the call. Still wants support, understands the wait.",
    "No answer; a text went out as agreed.",
    "A difficult month. Spoke of the helpline and of the safety plan.",
)
ALLOCATION_REASONS = (
    "Room for one more, and works in the area.", "Specialism fits, the caseload allows it.",
    "The client asked for a woman; next in the ranking.", "Has supported similar court cases.",
)  # fmt: skip
STEP_DOWN_REASONS = (
    "Settled; waits for a trial date and wants to hear from us once a month.",
    "Counselling has begun elsewhere. Wants the door open until the decision.",
)
MILESTONES = ("A charging decision", "A trial date", "The end of counselling", "The start of term")
SAFEGUARDING = (
    "Worry for a younger child in the household.", "Worry for their own safety at home.",
    "An older relative in their care may be at risk.",
)  # fmt: skip
CASE_NOTES = (
    "The officer is on leave until the end of the month.",
    "Prefers meetings at the library; the room is booked.",
    "Birthday in two weeks: a difficult day, call beforehand.",
)
