"""Change: how an organisation gets from one way of working to another, and what holds it up."""

from dataclasses import dataclass

from sim.checks import Checked, quantity


@dataclass(frozen=True)
class Change(Checked):
    """The course of a transformation. With `course_years` 0 it takes no time and no money, whatever else is set.

    Everything an organisation may lack has the same form: the speed (or the ceiling) that is left without it, 1
    where it does not matter.
    """

    course_years: float = quantity("years", 0, 30, "from a tenth to nine tenths with everything in place; 0: at once")
    start_share: float = quantity("share", 0.001, 0.5, "share of the organisation that works the new way at first")
    ceiling_without_authority: float = quantity("share", 0.001, 1, "share it ends at if nobody may decide")
    speed_without_sponsor: float = quantity("share", 0, 1, "speed if no executive sponsors it")
    speed_without_leader: float = quantity("share", 0, 1, "speed if no single person answers for it")
    speed_among_silos: float = quantity("share", 0, 1, "speed if every use of money follows a goal of its own")
    speed_without_pilot: float = quantity("share", 0, 1, "speed if nothing was learnt from a pilot")
    pilot_months: float = quantity("months", 0.1, 60, "length of a pilot from which all is learnt")
    momentum_half_life_months: float = quantity("months", 0, 120, "speed halves in this time without results; 0: never")
    empathy_gate: float = quantity("share", 0, 1, "culture of empathy needed for full speed; 0: none")
    empathy_per_training_month: float = quantity("1/month", 0, 50, "growth of that culture per month of training")
    cost_months: float = quantity("months", 0, 60, "cost of the whole change in months of mean budget, paid as it goes")
