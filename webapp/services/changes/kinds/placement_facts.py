"""What the tables of a work placement (顶岗实习) read of its application, beside the record."""

from webapp.services.changes.fact_types import MAYBE_NUMBER, NUMBER, ApplicationFacts, Described

FACTS = ApplicationFacts(
    {
        "days_ahead": Described(
            NUMBER,
            "the first day of the placement − the day of the application",
            "form; domain R-09; S1A 6",
            "days",
        ),
        "months": Described(
            NUMBER,
            "how long the placement is: the smallest n such that its last day < its first day + n months",
            "form; domain 3.13; S1A 6",
            "months",
        ),
        "months_in_all": Described(
            NUMBER,
            "the same of it and of all placements before it",
            "form, record; domain 3.13; S1A 6",
            "months",
        ),
        "thirds_of_plan": Described(
            MAYBE_NUMBER,
            "semesters finished since his entry as the placement begins, by the terms on record, in thirds of all "
            "semesters of his years of schooling (学制): 4 of 6 are 2; none if the terms on record begin later than a "
            "month after the entry",
            "enrolment, terms, form; domain 3.13; S1A 6",
            "thirds",
        ),
    },
    papers={},
)
