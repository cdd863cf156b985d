"""What service does to customers beyond effort and warmth: ways in, scripts, promises, failures and amends.

Every part is absent by default; a policy that uses what the world lacks gains nothing by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, InputError, flag, part, quantity, series
from sim.context.market import KINDS

CHANNELS = ("phone", "chat", "mail")
"""Ways in, in the order of the series below."""


@dataclass(frozen=True)
class Channels(Checked):
    """How customers get in touch; each has one way it prefers."""

    shares: tuple[float, ...] = series("share", 0, 1, "customers who prefer phone, chat, mail; empty: one way in")
    hours: tuple[float, ...] = series("1", 0.1, 10, "work of a contact by phone, chat, mail relative to nominal")
    waiting: tuple[float, ...] = series("1", 0, 20, "weight of a day of waiting by phone, chat, mail")
    own_queue_hours: float = quantity("1", 0.1, 2, "work at a desk for one channel relative to a common desk")

    def __post_init__(self) -> None:
        super().__post_init__()
        _as_many("channels", CHANNELS, hours=self.hours, waiting=self.waiting)
        if self.shares:
            _as_many("channels", CHANNELS, shares=self.shares)
            if abs(sum(self.shares) - 1.0) > 1e-9:
                raise InputError(f"world.service.channels.shares must sum to 1, got {sum(self.shares):g}")


@dataclass(frozen=True)
class Scripts(Checked):
    """What a scripted contact is, against a human one."""

    hours: float = quantity("1", 0.1, 2, "work of a scripted contact relative to a human one")
    courtesy: float = quantity("1", 0, 2, "courtesy of a scripted contact relative to a human one")
    solves: tuple[float, ...] = series("1", 0, 2, "chance of a solution by type, relative to a human contact")

    def __post_init__(self) -> None:
        super().__post_init__()
        _as_many("scripts", KINDS, solves=self.solves)


@dataclass(frozen=True)
class Training(Checked):
    """Empathy: what training (a share of hours, decided with the budget) does to courtesy, its mean and its spread."""

    per_month: float = quantity("1/month", 0, 100, "learning per month if all hours went into training; 0: no use")
    fades_per_month: float = quantity("share", 0, 1, "learned empathy lost in a month (people leave and forget)")
    courtesy_gain: float = quantity("share", -1, 1, "share of missing courtesy that full training adds")
    spread_cut: float = quantity("share", 0, 1, "share of the spread of courtesy that full training removes")


@dataclass(frozen=True)
class Escalation(Checked):
    """Top agents: dearer people who solve more."""

    top_agents: bool = flag("there are agents to escalate to")
    cost: float = quantity("1", 0.5, 10, "cost of a top agent relative to an agent")
    solves_more: float = quantity("share", 0, 1, "share of what an agent leaves unsolved that a top agent solves")


@dataclass(frozen=True)
class Promises(Checked):
    """A date told to a waiting customer."""

    comfort: float = quantity("share", 0, 1, "share of the wait that is not felt before the promised date")
    broken_quality: float = quantity("1", -2, 2, "quality felt on the day a promise is broken")
    broken_strength: float = quantity("share", 0, 1, "how strongly that day counts, as a share of a contact")


@dataclass(frozen=True)
class Recovery(Checked):
    """What failing again, being refused, and being helped after all do."""

    double_deviation: float = quantity("1", 0, 2, "quality lost when a repeated contact fails as well")
    blame: float = quantity("1", 0, 2, "quality lost when told that nothing can be done")
    paradox: float = quantity("1", -3, 3, "lift of the answer after a recovered failure, in standard answers")


@dataclass(frozen=True)
class Incidents(Checked):
    """Systemic failures: one cause, many customers at the same time."""

    per_year: float = quantity("1/year", 0, 52, "incidents at full defect level and without prevention")
    reach: float = quantity("share", 0, 1, "customers hit by one incident")


@dataclass(frozen=True)
class Articles(Checked):
    """Self-service: customers look for an answer before they ask."""

    looking: float = quantity("probability", 0, 1, "customers who look for an article first; 0: no self-service")
    helpful: tuple[float, ...] = series("probability", 0, 1, "chance by type that complete articles answer")
    written_per_month: float = quantity("1/month", 0, 100, "completeness per month if all hours went into writing")
    stale_per_month: float = quantity("share", 0, 1, "completeness lost in a month as the product changes")
    answering: float = quantity("probability", 0, 1, "readers in vain who answer `was this helpful`")
    learned: float = quantity("share", 0, 1, "share of what is missing that one such answer adds")
    futile: float = quantity("1", 0, 2, "quality lost at the first contact after looking in vain")

    def __post_init__(self) -> None:
        super().__post_init__()
        _as_many("articles", KINDS, helpful=self.helpful)


@dataclass(frozen=True)
class Notices(Checked):
    """Telling customers before they find out: appointments, incidents. Costs count in survey invitations."""

    missed: float = quantity("probability", 0, 1, "appointments of an implementation missed without a reminder")
    reminded: float = quantity("share", 0, 1, "share of missed appointments that a reminder prevents")
    rebooking_days: float = quantity("days", 0, 365, "delay of a missed appointment")
    wasted: float = quantity("share", 0, 1, "share of the task's work that a missed appointment wastes")
    missed_quality: float = quantity("1", 0, 2, "quality lost at a task after a missed appointment")
    calmed: float = quantity("share", 0, 1, "share of customers hit by an incident whom a notice spares the call")
    cost: float = quantity("1", 0, 100, "cost of a notice relative to a survey invitation")


@dataclass(frozen=True)
class Farewell(Checked):
    """How much the last contact with somebody who leaves counts."""

    strength: float = quantity("share", 0, 1, "strength of the farewell as a share of a contact; 0: not felt")


@dataclass(frozen=True)
class Service(Checked):
    """All of them."""

    channels: Channels = part("ways in")
    scripts: Scripts = part("scripted contacts")
    training: Training = part("empathy of agents")
    escalation: Escalation = part("top agents")
    promises: Promises = part("dates told to waiting customers")
    recovery: Recovery = part("failing again, refusing, making up")
    incidents: Incidents = part("systemic failures")
    articles: Articles = part("self-service")
    notices: Notices = part("reminders and alerts")
    farewell: Farewell = part("parting")


def _as_many(part: str, names: tuple[str, ...], **given: tuple[float, ...]) -> None:
    """One number for each of `names`."""
    for key, values in given.items():
        if len(values) != len(names):
            known = ", ".join(names)
            raise InputError(f"world.service.{part}.{key} must have one number for each of {known}, got {len(values)}")
