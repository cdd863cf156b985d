"""A policy: a bundle of strategies, one per decision point."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, part, text
from sim.policies.attention import Attention
from sim.policies.attraction import Attraction
from sim.policies.conduct import Conducting
from sim.policies.desk import Dividing
from sim.policies.engagement import Engagement
from sim.policies.feedback import Feedback
from sim.policies.gestures import Gestures
from sim.policies.listening import Listening
from sim.policies.monitoring import Monitoring
from sim.policies.onboarding import Onboarding
from sim.policies.product import Product
from sim.policies.research import Research
from sim.policies.sales import Sales
from sim.policies.staffing import Staffing
from sim.policies.steering import Steering
from sim.policies.success import Success
from sim.policies.support import Support
from sim.policies.survey import Survey
from sim.policies.upgrade import Upgrade


@dataclass(frozen=True)
class Policy(Checked):
    """How an organisation is run; a bundle only selects strategies and sets none of their fields."""

    name: str = text("name of the bundle")
    staffing: Staffing = part("where the budget goes")
    sales: Sales = part("whom to sell to, what to promise")
    onboarding: Onboarding = part("how to implement")
    support: Support = part("whom to serve first, how to handle a contact")
    success: Success = part("whom success managers contact")
    product: Product = part("what to improve")
    listening: Listening = part("what to measure besides tickets and invoices")
    engagement: Engagement = part("what the product itself says to its users")
    monitoring: Monitoring = part("which hints of telemetry to follow before anybody complains")
    feedback: Feedback = part("whose words are taken up, and which way they go")
    research: Research = part("product money spent on understanding")
    upgrade: Upgrade = part("whom to offer an upgrade in the middle of a term")
    survey: Survey = part("whom to send surveys to")
    steering: Steering = part("which metric moves the money")
    desk: Dividing = part("how the support desk's people are divided")
    conduct: Conducting = part("scripts, escalation, promises and refusals of a contact")
    attention: Attention = part("whom to remind, to warn and to see off with care")
    gestures: Gestures = part("whom to thank, to surprise and to treat in person")
    attraction: Attraction = part("how it shows itself to those who are not yet customers")
