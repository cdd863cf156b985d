"""Invoices: one agenda item per billing period, every amount from the tariff's one verb."""

from __future__ import annotations

from math import floor, hypot
from typing import TYPE_CHECKING

from sim.agents.discounting import grant
from sim.agents.draws import TERMS_PER_CONTRACT
from sim.agents.offering import billing_months, quoted, tariff_of
from sim.agents.paying import receive, shown, sign_under
from sim.agents.staking import restake, stake
from sim.pricing.tariff import Charges, Period
from sim.rules.common import clip
from sim.streams import normal
from sim.units import DAYS_PER_MONTH, DAYS_PER_YEAR, days

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.pricing.tariff import Free


class Bill:
    """The running billing period of one contract."""

    __slots__ = (
        "from_days",
        "list_price",
        "new_list_price",
        "number",
        "outcome_days",
        "paid",
        "to_days",
        "use_days",
    )

    def __init__(self, number: int, from_days: float, to_days: float, c: Customer) -> None:
        self.number = number
        self.from_days = from_days
        self.to_days = to_days
        self.list_price = c.account.list_price_per_month
        self.new_list_price = max(0.0, self.list_price - c.account.billed_list_price)
        c.account.billed_list_price = max(self.list_price, c.account.billed_list_price)
        self.paid = 0.0
        self.use_days = c.latent.use_days
        self.outcome_days = c.latent.outcome_days

    @property
    def listed(self) -> float:
        """What the period costs at list price."""
        return self.list_price * (self.to_days - self.from_days) / DAYS_PER_MONTH


def open_bill(firm: Firm, c: Customer, number: int) -> Bill:
    """Invoice what is due in advance and book the cost of serving; a discount comes out of the budget, so that revenue
    stays at list."""
    months = billing_months(firm, c)
    start, until = c.account.won_days + days(number * months), c.account.won_days + days((number + 1) * months)
    if firm.circle.repurchase is not None:
        start, until = c.account.term_start_days, c.account.term_end_days
    bill = Bill(number, start, until, c)
    charges = charged(firm, c, bill, 0.0, 0.0)
    discount = grant(firm, c, number, charges.in_advance)
    bill.paid = charges.in_advance - discount
    _book(firm, c, bill, firm.clock.now, "discount", discount)
    _book(firm, c, bill, firm.clock.now, "invoice_regular", bill.paid)
    hosting = firm.market.costs.hosting_share * bill.list_price * months
    _book(firm, c, bill, firm.clock.now, "hosting", -hosting)
    if charges.once > 0.0:
        firm.record.row(
            "ledger", start, c.traits.customer, c.account.contract, "invoice_once", charges.once, start, start
        )
    c.latent.charged += bill.paid
    if firm.charging is not None and number == 0:
        sign_under(firm, c, quoted(firm, c, tariff_of(firm, c), float(months)), firm.charging)
    if firm.stakes is not None and number == 0:
        stake(firm, c, firm.stakes, float(months))
    return bill


def open_free_period(firm: Firm, c: Customer, free: Free, number: int) -> Bill:
    """A period in which nothing is owed; what the plan covers costs its part of serving a customer."""
    start = c.account.won_days + days(number * free.period_months)
    bill = Bill(number, start, start + days(free.period_months), c)
    share = firm.market.costs.hosting_share * free.hosting * c.latent.covered
    _book(firm, c, bill, firm.clock.now, "hosting", -share * bill.list_price * free.period_months)
    return bill


def close_bill(firm: Firm, c: Customer, bill: Bill) -> None:
    """Invoice what use and outcome of the ended period cost; the state must have been advanced."""
    span = bill.to_days - bill.from_days
    use = (c.latent.use_days - bill.use_days) / span
    outcome = (c.latent.outcome_days - bill.outcome_days) / span
    measured, settled_days = _measured(firm, c, bill, outcome), 0.0
    if firm.charging is None:
        charges = charged(firm, c, bill, use, measured)
    else:
        fair = charged(firm, c, bill, use, clip(tariff_of(firm, c).meter.attribution * outcome, 0.0, 1.0))
        use, measured = shown(firm, c, use, measured, firm.charging)
        charges = charged(firm, c, bill, use, measured)
        charges, settled_days = receive(firm, c, bill, charges, fair, firm.charging)
    _book(firm, c, bill, bill.to_days, "invoice_usage", charges.usage)
    paid_days = bill.to_days + tariff_of(firm, c).meter.lag_days + settled_days
    _book(firm, c, bill, paid_days, "invoice_outcome", charges.outcome)
    c.latent.charged += charges.usage + charges.outcome
    if firm.stakes is not None:
        restake(firm, c, firm.stakes, float(billing_months(firm, c)), use, measured)


def surcharge(firm: Firm, c: Customer, factor: float) -> None:
    """The list price rises by `factor` today: the rest of the running period is invoiced at once.

    What the term has cost so far is put on the new price too, so that the burden compares like with like.
    """
    now, bill = firm.clock.now, c.bill
    rest = clip((bill.to_days - now) / (bill.to_days - bill.from_days), 0.0, 1.0)
    extra = (factor - 1.0) * bill.paid * rest
    if extra > 0.0:
        number, contract = c.traits.customer, c.account.contract
        firm.record.row("ledger", now, number, contract, "invoice_regular", extra, now, bill.to_days)
    c.latent.charged *= factor


def refund(firm: Firm, c: Customer, bill: Bill, when: float) -> None:
    """Return the part of what was paid in advance that pays for the time after `when`."""
    share = clip((bill.to_days - when) / (bill.to_days - bill.from_days), 0.0, 1.0)
    _book(firm, c, bill, when, "refund", -bill.paid * share)


def _measured(firm: Firm, c: Customer, bill: Bill, outcome: float) -> float:
    """The outcome the meter shows for the period: attributed share plus noise, in [0, 1]."""
    meter = tariff_of(firm, c).meter
    place = c.account.contract * TERMS_PER_CONTRACT + bill.number
    sd = meter.noise_sd if firm.charging is None else hypot(meter.noise_sd, firm.charging.meter_noise_sd)
    noise = normal(firm.draws.meter(c.traits.customer, place), 0.0, sd) if sd > 0.0 else 0.0
    season = 0.0
    if meter.season_sd > 0.0:
        season = normal(firm.draws.season(0, int(bill.to_days / DAYS_PER_YEAR)), 0.0, meter.season_sd)
    return clip(meter.attribution * outcome + noise + season, 0.0, 1.0)


def charged(firm: Firm, c: Customer, bill: Bill, use: float, outcome: float) -> Charges:
    """What a period costs at this metered use and outcome, conditions included."""
    years = floor((bill.from_days - c.account.won_days) / DAYS_PER_YEAR + 1e-6)
    tariff = tariff_of(firm, c)
    return tariff.conditions.charged(tariff.invoice(_period(firm, c, bill, use, outcome)), years)


def _period(firm: Firm, c: Customer, bill: Bill, use: float, outcome: float) -> Period:
    goal = c.traits.goal_value_per_month
    lot, months = firm.draws.tariff_lot(c.traits.customer, 0), float(billing_months(firm, c))
    return Period(months, bill.list_price, use, goal * outcome, goal, c.account.seats, bill.new_list_price, lot)


def _book(firm: Firm, c: Customer, bill: Bill, when: float, account: str, amount: float) -> None:
    """A ledger row, unless nothing is owed or the horizon ends before it is paid."""
    if amount != 0.0 and when < firm.windows.horizon_days:
        firm.record.row(
            "ledger", when, c.traits.customer, c.account.contract, account, amount, bill.from_days, bill.to_days
        )
