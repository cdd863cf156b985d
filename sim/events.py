"""The event vocabulary and the schema of every fact table.

Facts only: no wall time, path, host, job number or policy name. Censoring is a property of the
horizon, never an event. Rows are sorted by (replication, time_days, rank of the event kind,
customer, contract, occurrence).
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Column(NamedTuple):
    """One column of a fact table."""

    name: str
    dtype: str
    """`int32`, `int64`, `float64`, `bool` or `text` (a small closed vocabulary, dictionary-coded)."""
    unit: str
    meaning: str


EVENT_KINDS: Final[tuple[str, ...]] = (
    "dashboard_read",  # the organisation reads its metric; value: mean, more is better; detail: metric
    "budget_shifted",  # decision after it; value: emphasis on a use of money, 1 as planned; detail: the use
    "present",  # a customer of old at time 0; value: days since it signed; occurrence: term
    "put_off",  # a candidate who would have become a lead goes elsewhere at a gate before content
    "address_left",  # a candidate who would not have asked leaves an address at the gate
    "called",  # a seller calls somebody who has not asked; value: 1 if it becomes a lead; detail: contact|cold
    "lead",  # a candidate becomes a lead; value: who referred it; detail: stream, or contact|cold if it was called
    "deterred",  # a candidate who would have become a lead, had nobody warned or badly reviewed
    "signed_up_free",  # a lead takes the plan without a price; value: share of full use that it covers
    "stopped_free",  # a user of that plan stops using it; value: days since the sign-up
    "converted",  # a user of that plan pays from now on, right before `won`; value: days since the sign-up
    "way_chosen",  # how the lead buys; value: 1 if as it prefers; detail: web|app|rep
    "disqualified",  # the seller drops the lead; value: the fit signal seen
    "meeting_refused",  # the lead does not want to meet the seller; value: courtesy seen
    "sales_touch",  # one touch of the sales cycle; value: quality felt in [0, 1]; occurrence: touch
    "told",  # a story told to possible customers; value: social reach; detail: bad|good; occurrence: touch or wave
    "reviewed",  # a public review; value: +1 or -1; occurrence: touch or wave
    "answered",  # customer -1: the firm answers a story or review in public; value: days since; detail: bad|good
    "broke_off",  # the lead ends the purchase after a bad touch; occurrence: touch
    "lead_abandoned",  # the lead gave up waiting for an answer; value: days waited
    "checkout_abandoned",  # a hidden charge shows and the buyer leaves; value: win probability at the full price
    "lost",  # the lead decides against; value: win probability
    "won",  # contract signed; value: promise made; detail: option of a menu; opens `contract`
    "won_back",  # a churned customer returns under a new contract; value: days since churn
    "appointment_missed",  # an implementation appointment has to be booked again; value: days lost
    "notice_given",  # after a bad touch, to take effect at the end of the term; value: probability of going on
    "implementation_cancelled",  # churn before go-live; value: days since won; detail: abandoned|decided
    "go_live",  # onboarding finished; value: days since won
    "first_value",  # outcome first reaches the threshold; value: days since won (TTV)
    "transformed",  # each month, customer -1; value: share that works the new way; detail: stage of the rollout
    "known",  # at a release, customer -1; value: knowledge that reaches the builders; detail: purpose of product work
    "problem_silent",  # a problem nobody is told of; value: adoption it costs; detail: ticket type
    "needs_changed",  # what the customer needs has changed; value: share of fit lost; detail: own|shock
    "incident",  # a systemic failure reaches the customer; detail: told|untold; occurrence: incident number
    "self_served",  # an article answers a would-be ticket; detail: ticket type; occurrence: candidate number
    "ticket_raised",  # value: 0; detail: ticket type; occurrence: ticket candidate number
    "contact_end",  # one support contact ends; value: quality felt; detail: resolved|unresolved
    "refused",  # told that nothing can be done: the problem stays and nobody comes back to it
    "promise_broken",  # the promised day has passed unsolved; value: days since raised; occurrence: contact
    "promise_kept",  # solved while a promise was outstanding; value: days left
    "ticket_resolved",  # solved and customer told; value: calendar days since raised (TTR)
    "proactive_fix",  # support tried to fix a silent problem; value: days since it arose; detail: resolved|unresolved
    "engaged",  # the product spoke to its users since the last wave; value: their share of full use
    "thanked",  # a gesture of thanks; occurrence: wave
    "surprised",  # a delightful surprise; value: effort; occurrence: wave
    "personalised",  # personal treatment since the last wave; value: depth
    "success_contact",  # success management reached the customer; value: effort
    "champion_left",  # the internal sponsor left during the term; value: 0
    "staked",  # what hangs on the outcome; value: effort for it relative to what is asked; occurrence: term
    "bill_shock",  # a bill exceeded the expected one; value: excess above what is tolerated, share of the expected
    "disputed",  # a bill for measured outcome is disputed; value: what was charged beyond the true outcome
    "price_notice",  # the price of the next term is told; value: price burden
    "renewed",  # voluntary renewal; value: renewal probability; occurrence: term number ending
    "upgraded",  # an upgrade taken in the middle of a term; value: new list price / old; occurrence: term
    "expanded",  # seats added at renewal; value: new seats / old seats
    "contracted",  # seats removed at renewal; value: new seats / old seats
    "churned",  # contract ends; value: renewal probability; detail: but-for causes or involuntary
    "seen_off",  # a farewell contact with somebody who leaves; value: effort
    "exit_largest",  # beside churned; detail: the largest adverse term
    "exit_stated",  # beside churned; detail: the cause an exit survey reports
    "advocacy",  # word of mouth at a wave; +1 advocates, -1 detracts (silence is not recorded); detail: for which uses
    "heard_of_case",  # another customer told of its case; value: that customer's number; detail: bad|good
)
EVENT_RANK: Final = {name: rank for rank, name in enumerate(EVENT_KINDS)}

CUSTOMER_DECIDED: Final = frozenset(
    (
        "lead",
        "signed_up_free",
        "stopped_free",
        "converted",
        "won",
        "go_live",
        "ticket_raised",
        "renewed",
        "expanded",
        "contracted",
        "churned",
    )
)
"""Identical across policies in the world `no_effect`."""

CAUSES: Final = ("experience", "outcome", "price", "competitor", "champion")
"""But-for causes, joined by `+` in this order in `churned.detail`; `chance` when none, or
`involuntary` for a failed payment."""

TRIGGERS: Final = (
    "wave",  # relationship survey at calendar waves; occurrence: wave number
    "at_purchase",
    "after_onboarding",
    "contact_end",
    "at_resolution",
    "pre_renewal",
    "exit",
    "before_launch",  # some days before a release; occurrence: launch number
    "after_launch",
)

TEAMS: Final = ("marketing", "sales", "onboarding", "support", "success", "product")

ACCOUNTS: Final = (
    "invoice_regular",  # + revenue in advance: base, seats, licence
    "invoice_usage",  # + revenue in arrears by use
    "invoice_outcome",  # + revenue in arrears by measured outcome
    "invoice_once",  # + revenue at the signature and not again: licence, product, project; covers no period
    "discount",  # + booked to revenue out of the budget (transfer), so revenue is at list
    "refund",  # - returned to the customer
    "hosting",  # - cost of serving, charged to margin
    "budget",  # + organisation's exogenous monthly budget (not revenue)
    *(f"spend_{team}" for team in TEAMS),  # - staff and programme cost of a team
    "spend_surveys",  # - invitations sent
    "spend_readings",  # - telemetry and outcome readings
    "spend_engagement",  # - what the product says to its users
    "spend_gestures",  # - thanks, surprises, personal treatment
    "spend_feedback",  # - reading and routing what customers say
    "spend_notices",  # - reminders and alerts sent
    "spend_discounts",  # - discounts paid for
    "spend_organising",  # - agreeing on the budget, pay by a metric, and changing
    "reserve",  # - unspent: budget + all spend + reserve = 0 at every month
)
"""Signs are those of the ledger: money in is positive. Party -1 is the organisation."""

_KEY = Column("replication", "int32", "1", "replication number, from 0")

SCHEMAS: Final[dict[str, tuple[Column, ...]]] = {
    "customers": (
        _KEY,
        Column("customer", "int64", "1", "candidate identity, the same person in every arm and world"),
        Column("segment", "text", "", "market segment"),
        Column("stream", "text", "", "primary, referral or guest: how the candidate arose; installed: there at time 0"),
        Column("candidate_days", "float64", "days", "time of becoming a candidate"),
        Column("seats", "float64", "seats", "seats at first purchase"),
        Column("list_price_per_month", "float64", "money/month", "seats x list seat price"),
        Column("goal_value_per_month", "float64", "money/month", "worth of full goal attainment"),
        Column("fit", "float64", "share", "latent share of the goal the product can deliver"),
        Column("learning_skill", "float64", "1", "latent speed factor of adoption"),
        Column("price_sensitivity", "float64", "1", "latent weight of price burden"),
        Column("frailty", "float64", "logit", "latent propensity to renew"),
        Column("response_propensity", "float64", "logit", "latent propensity to answer surveys"),
        Column("style", "float64", "scale sd", "latent response style"),
        Column("reach", "float64", "1", "latent social reach"),
        Column("patience_days", "float64", "days", "latent patience for an unanswered request"),
        Column("buyer_is_user", "bool", "", "the person who decides also uses the product"),
        Column("breadth", "float64", "share", "share of the functions the customer needs"),
        Column("hold_out", "bool", "", "never targeted by metric-triggered action"),
        Column(
            "status",
            "text",
            "",
            "candidate, lead, free, disqualified, lost, onboarding, active or churned, at the horizon",
        ),
        Column("won_days", "float64", "days", "first contract signed in simulated time; nan if never"),
        Column("go_live_days", "float64", "days", "first go-live; nan if never"),
        Column("end_days", "float64", "days", "end of the first contract (churn, cancel); nan if open"),
        Column("experience", "float64", "1", "latent E at the end of life or horizon; nan if never won"),
        Column("outcome", "float64", "share", "latent O at the end of life or horizon; nan if never won"),
        Column("persona", "text", "", "persona; empty where everybody is ordinary"),
        Column("attachment", "float64", "sd", "latent emotional engagement at the end of life or horizon"),
    ),
    "events": (
        _KEY,
        Column("time_days", "float64", "days", "when it happened"),
        Column("event", "text", "", "event kind"),
        Column("customer", "int64", "1", "who"),
        Column("contract", "int32", "1", "contract number of the customer, 0 before the first"),
        Column("occurrence", "int32", "1", "policy-independent number within customer and kind"),
        Column("value", "float64", "by kind", "see EVENT_KINDS"),
        Column("detail", "text", "by kind", "see EVENT_KINDS"),
    ),
    "surveys": (
        _KEY,
        Column("time_days", "float64", "days", "when the question would be asked"),
        Column("trigger", "text", "", "survey moment"),
        Column("customer", "int64", "1", "who"),
        Column("contract", "int32", "1", "contract number"),
        Column("occurrence", "int32", "1", "wave, touch, ticket candidate or term number"),
        Column("instrument", "text", "", "nps, csat, ces or outcome_reading"),
        Column("experience", "float64", "1", "latent E then"),
        Column("outcome", "float64", "share", "latent O then"),
        Column("perceived_outcome", "float64", "share", "latent O_p then"),
        Column("adoption", "float64", "share", "latent share of full use then"),
        Column("value", "float64", "logit", "latent V then"),
        Column("true_answer", "float64", "scale", "potential answer without noise, style, halo, rounding"),
        Column("answer", "float64", "scale", "potential answer as it would be reported"),
        Column("audit_invited", "bool", "", "invited by the audit survey"),
        Column("audit_answered", "bool", "", "answered the audit survey"),
        Column("invited", "bool", "", "invited by the policy's own (fielded) programme"),
        Column("answered", "bool", "", "answered the fielded programme"),
        Column("gamed", "float64", "scale", "points by which the fielded answer is better than `answer`"),
    ),
    "resources": (
        _KEY,
        Column("time_days", "float64", "days", "end of the month described"),
        Column("team", "text", "", "team"),
        Column("busy", "float64", "people", "time average of people working"),
        Column("queue", "float64", "jobs", "time average of jobs waiting"),
        Column("capacity", "float64", "people", "time average of people present"),
        Column("arrivals", "float64", "jobs", "jobs that arrived"),
        Column("served", "float64", "jobs", "jobs finished"),
        Column("headcount", "float64", "people", "people on the payroll at the end of the month"),
        Column("skill", "float64", "1", "skill of the month relative to time 0"),
    ),
    "ledger": (
        _KEY,
        Column("time_days", "float64", "days", "when it is paid"),
        Column("party", "int64", "1", "customer, or -1 for the organisation"),
        Column("contract", "int32", "1", "contract number, 0 for the organisation"),
        Column("account", "text", "", "account"),
        Column("amount", "float64", "money", "signed: money in is positive"),
        Column("covers_from_days", "float64", "days", "start of the period it pays for"),
        Column("covers_to_days", "float64", "days", "end of the period it pays for"),
    ),
}

ORGANISATION: Final = -1
