"""What people do to each other and feel, as far as the world has it: every part that does not act is None."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.agents.rumour import Rumour

if TYPE_CHECKING:
    from sim.context.market import Market
    from sim.context.society import Attachment, Premium, Reactions, Repurchase, Society, Uses


class Circle(NamedTuple):
    """The parts of `world.society` that act."""

    reactions: Reactions | None
    rumour: Rumour | None
    attachment: Attachment | None
    repurchase: Repurchase | None
    premium: Premium | None
    uses: Uses | None


def circle_of(society: Society, market: Market) -> Circle:
    """Switches resolved once for a run."""
    return Circle(
        society.reactions if society.reactions.acts else None,
        Rumour(society.talk, market.arrival.candidates_per_month) if society.talk.heard else None,
        society.attachment if society.attachment.felt else None,
        society.repurchase if society.repurchase.each_time else None,
        society.premium if society.premium.paid else None,
        society.uses if society.uses.important_share > 0.0 else None,
    )
