"""Every due date of the year, worked out by hand from the council's procedures, with the working beside it.

Working days leave out weekends and the bank holidays 25 and 28 December 2026, 1 January, 26 and 29 March (Easter),
3 and 31 May and 30 August 2027. A count's first day is the working day after the event.
"""

from __future__ import annotations

FIRST_AGENCIES = ("Social care", "School or college", "Health visiting", "Midwifery", "Police")
# kind, about whom or what, the day it runs from, its last day
DUE = [
    # 15 working days: 9-11 Dec (3), 14-18 (8), 21-24 (12), 29-31 (15). The baby's would be three months before
    # 20 February, which was over before the strategy discussion: the 15 days hold.
    *(("initial-conference", child, "2026-12-08", "2026-12-31") for child in ("Robin", "Wren", "Finn")),
    # The next working day after the day was fixed.
    ("invitations-sent", "", "2026-12-08", "2026-12-09"),
    # 2 working days before: 21 and 18 December.
    *(("report-submitted", agency, "2026-12-22", "2026-12-18") for agency in FIRST_AGENCIES),
    *(("report-shared-with-family", agency, "2026-12-22", "2026-12-18") for agency in FIRST_AGENCIES),
    ("chair-has-reports", "", "2026-12-22", "2026-12-18"),
    # 24 hours and 28 days after the end, on 22 December.
    ("decisions-sent", "", "2026-12-22", "2026-12-23"),
    ("minutes-sent", "", "2026-12-22", "2027-01-19"),
    # 10 days after 22 December, a bank holiday.
    ("first-core-group", "", "2026-12-22", "2027-01-01"),
    # 6 weeks after 30 December, 9 February and 24 March.
    ("next-core-group", "", "2026-12-30", "2027-02-10"),
    ("next-core-group", "", "2027-02-09", "2027-03-23"),
    ("next-core-group", "", "2027-03-24", "2027-05-05"),
    # 3 months after the plans began.
    *(("first-review", child, "2026-12-22", "2027-03-22") for child in ("Robin", "Wren", "Finn")),
    # 10 working days: 23-24 Dec (2), 29-31 (5), 4-8 Jan (10).
    *(("visit", child, "2026-12-22", "2027-01-08") for child in ("Robin", "Wren", "Finn")),
    # Seen on 4 January: 5-8 (4), 11-15 (9), 18 (10).
    *(("visit", child, "2027-01-04", "2027-01-18") for child in ("Robin", "Wren")),
    # The chair checks the plans 6 weeks after the first conference, and 3 months after each review.
    *(("mid-point-check", child, "2026-12-22", "2027-02-02") for child in ("Robin", "Wren", "Finn")),
    *(("mid-point-check", child, "2027-03-15", "2027-06-15") for child in ("Robin", "Finn")),
    ("mid-point-check", "Ivy", "2027-03-15", "2027-04-26"),
    *(("mid-point-check", child, "2027-06-07", "2027-09-07") for child in ("Robin", "Ivy")),
    # Robin has no mailbox: told by the next working day after each invitation, and after the baby joined the review.
    ("tell-otherwise", "Robin Brambley", "2026-12-09", "2026-12-10"),
    ("tell-otherwise", "Robin Brambley", "2027-02-12", "2027-02-15"),
    ("tell-otherwise", "Robin Brambley", "2027-03-03", "2027-03-04"),
    ("tell-otherwise", "Robin Brambley", "2027-05-06", "2027-05-07"),
    # Five working days after each meeting that decided about them: 23-24 Dec (2), 29-31 (5); 16-19 Mar (4), 22 (5);
    # 8-11 June (4), 14 (5). The babies are too young to be told, and Wren's plan was over in June.
    *(("child-told", child, "2026-12-22", "2026-12-31") for child in ("Robin", "Wren")),
    *(("child-told", child, "2027-03-15", "2027-03-22") for child in ("Robin", "Wren")),
    ("child-told", "Robin", "2027-06-07", "2027-06-14"),
    # 20 working days before 15 March: 12-8 Mar (5), 5-1 (10), 26-22 Feb (15), 19-15 (20).
    ("invitations-sent", "", "2027-03-15", "2027-02-15"),
    # Born on 3 March under a pre-birth plan: 20 working days end on 2 April, 4-5 (2), 8-12 (7), 15-19 (12), 22-25 (16),
    # 30 Mar-2 Apr (20). No review was held yet, so the 3 months of the plan are sooner.
    ("after-birth", "Finn", "2026-12-22", "2027-03-22"),
    # Nobody expected the girl: she has no plan, and the same 20 working days.
    ("unexpected-baby", "Ivy", "2027-03-03", "2027-04-02"),
    # 5 working days before a review: 12-8 March. The chair has 2: 12 and 11 March.
    *(("report-submitted", agency, "2027-03-15", "2027-03-08") for agency in FIRST_AGENCIES),
    *(("report-shared-with-family", agency, "2027-03-15", "2027-03-08") for agency in FIRST_AGENCIES),
    ("chair-has-reports", "", "2027-03-15", "2027-03-11"),
    ("decisions-sent", "", "2027-03-15", "2027-03-16"),
    ("minutes-sent", "", "2027-03-15", "2027-04-12"),
    # 6 months after the review on 15 March.
    *(("next-review", child, "2027-03-15", "2027-09-15") for child in ("Robin", "Finn")),
    # Ivy's plan began that day: 10 days, 3 months, and 10 working days, 16-19 (4), 22-25 (8), 30-31 (10).
    ("first-core-group", "", "2027-03-15", "2027-03-25"),
    ("first-review", "Ivy", "2027-03-15", "2027-06-15"),
    ("visit", "Ivy", "2027-03-15", "2027-03-31"),
    # Wren's child in need plan too: visits as before until they are set, and 12 weeks to its review.
    ("visit", "Wren", "2027-03-15", "2027-03-31"),
    ("cin-plan-review", "Wren", "2027-03-15", "2027-06-07"),
    # Seen on Easter Monday: 30 Mar-2 Apr (4), 5-9 (9), 12 (10).
    *(("visit", child, "2027-03-29", "2027-04-12") for child in ("Robin", "Finn", "Ivy")),
    # 20 working days before 7 June: 4-1 June (4), 28-24 May (9), 21-17 (14), 14-10 (19), 7 (20).
    ("invitations-sent", "", "2027-06-07", "2027-05-07"),
    # 12 weeks after the review on 4 June.
    ("cin-plan-review", "Wren", "2027-06-04", "2027-08-27"),
    # 5 working days before 7 June: 4-1 June (4), 28 May (5). 2: 4 and 3 June.
    *(("report-submitted", agency, "2027-06-07", "2027-05-28") for agency in FIRST_AGENCIES),
    *(("report-shared-with-family", agency, "2027-06-07", "2027-05-28") for agency in FIRST_AGENCIES),
    ("chair-has-reports", "", "2027-06-07", "2027-06-03"),
    ("decisions-sent", "", "2027-06-07", "2027-06-08"),
    ("minutes-sent", "", "2027-06-07", "2027-07-05"),
    # 6 months after the review on 7 June, of which Ivy's was the first.
    *(("next-review", child, "2027-06-07", "2027-12-07") for child in ("Robin", "Ivy")),
    # Finn's plan ended on 7 June: the midwife is told by the next working day.
    ("tell-otherwise", "Sioned Teal", "2027-06-07", "2027-06-08"),
    # Westmere was told on 9 August: 10-13 (4), 16 (5).
    ("transfer-answered", "Robin", "2027-08-09", "2027-08-16"),
    # Robin's ended on 2 September: everyone asked to the first conference, whether told in the end or not.
    *(
        ("tell-otherwise", name, "2027-09-02", "2027-09-03")
        for name in (
            "Hazel Brambley", "Robin Brambley", "Ngozi Larkin", "Sioned Teal", "Beth Redstart", "Shazia Wing",
        )
    ),
    # 20 working days before 6 December: 3-1 Dec (3), 30-29 Nov (5), 26-22 (10), 19-15 (15), 12-8 (20).
    ("invitations-sent", "", "2027-12-06", "2027-11-08"),
]  # fmt: skip
