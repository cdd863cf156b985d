"""A life as dated sentences, in order."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.agents.draws import TICKETS
from sim.story.coming import contact_of_sale
from sim.story.lives import Life
from sim.story.serving import served
from sim.story.words import FELT, MOOD, RESULT, cause, counted, money, named, on, percent, span, standing
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd


class Entry(NamedTuple):
    """One sentence and when it belongs."""

    days: float
    text: str
    rank: int = 0
    """Order within one moment: what happened, what was felt, what was said to others, what was owed."""


FELT_RANK, SAID_RANK, OWED_RANK = 1, 2, 3


def entries(life: Life) -> list[Entry]:
    """Everything that happened, was felt, asked, answered and owed, by time."""
    told = [*_sales(life), *_events(life), *_tickets(life), *_surveys(life), *_money(life), *_ending(life)]
    return sorted(told, key=lambda entry: (entry.days, entry.rank))


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _of(life: Life, *kinds: str) -> list[dict[str, Any]]:
    return _rows(life.events[life.events["event"].isin(kinds)])


def _sales(life: Life) -> Iterator[Entry]:
    """Birth as a candidate, and the sales talks, or visits to a shop without sellers, in one sentence."""
    person, setting = life.person, life.setting
    how = "becomes a candidate" if person["stream"] == "primary" else "hears of the firm from a customer"
    yield Entry(person["candidate_days"], how)
    talks = _of(life, "sales_touch")
    if talks:
        felt = ", ".join(named(row["value"], FELT) for row in talks)
        until = on(setting.day(talks[-1]["time_days"])).strip()
        yield Entry(talks[0]["time_days"], f"{counted(len(talks), contact_of_sale(life))} until {until}: {felt}")


def _events(life: Life) -> Iterator[Entry]:
    """One sentence for each event that stands for itself."""
    for row in _rows(life.events):
        text = _sentence(row, life)
        if text:
            yield Entry(row["time_days"], text, SAID_RANK if row["event"] == "advocacy" else 0)


def _sentence(row: dict[str, Any], life: Life) -> str:
    value, detail = float(row["value"]), str(row["detail"])
    match row["event"]:
        case "lead":
            return "asks for more: a lead"
        case "disqualified":
            return "the seller does not pursue it: the need looks too far from the product"
        case "lead_abandoned":
            return "gives up waiting for the seller"
        case "lost":
            return f"DECIDES AGAINST (the chance of a yes was {percent(value)})"
        case "won":
            promise = f"told to expect {1 + value:.2f} times" if value > 0.0 else "nothing promised beyond"
            return f"SIGNS contract {row['contract']}; {promise} what fits"
        case "implementation_cancelled":
            why = "gives up" if detail == "abandoned" else "decides to stop"
            return f"CANCELS before going live, {span(value)} after signing: it {why}"
        case "go_live":
            return f"goes live, {span(value)} after signing"
        case "first_value":
            return f"sees first value, {span(value)} after signing"
        case "success_contact":
            return "a success manager calls"
        case "problem_silent":
            return f"has trouble and tells nobody, {detail.replace('_', ' ')}"
        case "proactive_fix":
            done = "mends" if detail == "resolved" else "fails to mend"
            return f"support {done} trouble nobody had reported, {span(value)} after it began"
        case "won_back":
            return f"COMES BACK, {span(value)} after leaving"
        case _:
            return _decision(row, value, detail, life)


def _decision(row: dict[str, Any], value: float, detail: str, life: Life) -> str:
    match row["event"]:
        case "champion_left":
            return "its sponsor has left the company"
        case "needs_changed":
            return f"needs something else by now: {percent(value)} of what fitted no longer does"
        case "price_notice" if abs(value) >= 0.005:
            return f"price notice: weighs {percent(abs(value))} {'more' if value > 0 else 'less'} than the list price"
        case "renewed":
            return f"RENEWS (the chance was {percent(value)})"
        case "upgraded":
            return f"takes an upgrade: {percent(value - 1.0)} dearer"
        case "expanded":
            return f"adds seats: {percent(value - 1.0)} more"
        case "contracted":
            return f"drops seats: {percent(1.0 - value)} fewer"
        case "churned":
            return f"LEAVES (the chance to stay was {percent(value)}). {cause(detail)}{_stated(row, life)}"
        case "advocacy":
            return "recommends the firm to others" if value > 0 else "warns others of the firm"
        case _:
            return served(row)


def _stated(row: dict[str, Any], life: Life) -> str:
    """What it says itself when asked why."""
    said = [one for one in _of(life, "exit_stated") if one["contract"] == row["contract"]]
    return f" Asked why, it would say: {said[0]['detail']}." if said else ""


def _tickets(life: Life) -> Iterator[Entry]:
    """A request for help with all its contacts in one sentence."""
    contacts, solved = _of(life, "contact_end"), _of(life, "ticket_resolved")
    for raised in _of(life, "ticket_raised"):
        number, contract = raised["occurrence"], raised["contract"]
        mine = [c for c in contacts if c["occurrence"] % TICKETS == number and c["contract"] == contract]
        done = [s for s in solved if s["occurrence"] == number and s["contract"] == contract]
        felt = ", ".join(named(contact["value"], FELT) for contact in mine)
        talks = f"{counted(len(mine), 'contact')} ({felt})" if mine else "nobody answers"
        end = f"solved and told after {span(done[0]['value'])}" if done else "never solved"
        kind = str(raised["detail"]).replace("_", " ")
        yield Entry(raised["time_days"], f"needs help, {kind}: {talks}, {end}")


_MOMENTS = {
    "wave": "quarterly survey",
    "at_purchase": "survey at the purchase",
    "after_onboarding": "survey after going live",
    "contact_end": "survey after a contact",
    "at_resolution": "survey after a solution",
    "pre_renewal": "survey before the renewal",
    "exit": "exit survey",
    "before_launch": "survey before a launch",
    "after_launch": "survey after a launch",
}
_NAMES = {"nps": "NPS", "nps_important": "NPS for important matters", "csat": "CSAT", "ces": "CES"}


def _surveys(life: Life) -> Iterator[Entry]:
    """What was felt, what was asked and what was answered at each survey moment."""
    for (_, trigger), rows in life.surveys.groupby(["time_days", "trigger"], sort=True, observed=True):
        moment = _rows(rows)
        name = _MOMENTS.get(str(trigger), str(trigger))
        name = "wave survey" if trigger == "wave" and not _quarterly(life) else name
        text = f"{_felt(moment[0], life)} {name[:1].upper()}{name[1:]}: {_answers(moment)}"
        yield Entry(moment[0]["time_days"], text, FELT_RANK)


def _quarterly(life: Life) -> bool:
    waves = sorted(set(life.surveys.loc[life.surveys["trigger"] == "wave", "time_days"]))
    return len(waves) < 2 or math.isclose(waves[1] - waves[0], DAYS_PER_YEAR / 4, rel_tol=1e-6)


def _felt(row: dict[str, Any], life: Life) -> str:
    mood = named(standing(row["experience"], life.setting.experience), MOOD)
    told = f"{mood[:1].upper()}{mood[1:]} (E {row['experience']:+.2f})"
    if row["outcome"] <= 0.0:
        return f"{told}."
    got = named(standing(row["perceived_outcome"], life.setting.perceived), RESULT)
    return f"{told}; outcome {percent(row['outcome'])} of its goal, {got} par against what it expected."


def _answers(moment: list[dict[str, Any]]) -> str:
    asked = [row for row in moment if row["instrument"] in _NAMES]
    said = [f"{_NAMES[row['instrument']]} {row['answer'] + row['gamed']:.0f}" for row in asked if row["answered"]]
    would = ", ".join(f"{_NAMES[row['instrument']]} {row['answer']:.0f}" for row in asked)
    if said:
        text = f"answers {', '.join(said)}"
    elif any(row["invited"] for row in asked):
        text = f"asked, silent (would say {would})"
    else:
        text = f"not asked (would say {would})"
    read = [row for row in moment if row["instrument"] == "outcome_reading" and row["answered"]]
    return f"{text}; outcome measured at {percent(read[0]['answer'] + read[0]['gamed'])}." if read else f"{text}."


def _money(life: Life) -> Iterator[Entry]:
    """What was owed: invoices of one kind and contract year in one sentence."""
    ledger = life.ledger[life.ledger["account"] != "hosting"]
    if ledger.empty:
        return
    first = ledger.groupby("contract")["covers_from_days"].transform("min")
    year = ((ledger["covers_from_days"] - first) / DAYS_PER_YEAR + 1e-9).astype(int)
    for (_, _, account), rows in ledger.groupby(["contract", year, "account"], sort=True, observed=True):
        yield Entry(float(rows["time_days"].min()), _owed(str(account), rows, life), OWED_RANK)


def _owed(account: str, rows: pd.DataFrame, life: Life) -> str:
    setting, total = life.setting, float(rows["amount"].sum())
    sum_ = money(abs(total), setting.currency)
    until = on(setting.day(float(rows["covers_to_days"].max()))).strip()
    many = f" in {len(rows)} invoices" if len(rows) > 1 else ""
    match account:
        case "discount":
            return f"gets a discount of {sum_}"
        case "refund":
            return f"gets {sum_} back"
        case "invoice_usage":
            return f"owes {sum_} for use until {until}{many}"
        case "invoice_once":
            return f"owes {sum_} once, for good"
        case "invoice_outcome":
            what = "owes" if total >= 0.0 else "gets back"
            return f"{what} {sum_} for measured outcome until {until}{many}"
        case _:
            return f"owes {sum_} in advance for the time until {until}{many}"


def _ending(life: Life) -> Iterator[Entry]:
    status = str(life.person["status"])
    still = {
        "active": "still a customer",
        "onboarding": "still being set up",
        "lead": "still undecided",
        "free": "still pays nothing",
    }
    yield Entry(life.setting.horizon_days, f"the record ends; {still.get(status, 'not a customer')}", OWED_RANK)


def summary(life: Life) -> str:
    """The life in one sentence."""
    person, setting = life.person, life.setting
    won, end = float(person["won_days"]), float(person["end_days"])
    if math.isnan(won):
        return "In all: never a customer."
    stayed = (setting.horizon_days if math.isnan(end) else end) - won
    paid = float(life.ledger.loc[life.ledger["account"] != "hosting", "amount"].sum())
    helped = counted(len(_of(life, "ticket_raised")), "request")
    years = "still open" if math.isnan(end) else "then left"
    return f"In all: first contract {span(stayed)}, {years}; {money(paid, setting.currency)} paid; {helped} for help."
