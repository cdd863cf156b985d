"""How somebody came and bought, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.story.words import percent

if TYPE_CHECKING:
    from sim.story.lives import Life

HOW = {"web": "on the web", "app": "in the app", "rep": "from a seller"}
CONTACT = {"web": "web shop visit", "app": "app shop visit"}


def contact_of_sale(life: Life) -> str:
    """What one touch of the sale is called on the way that the lead chose."""
    ways = life.events.loc[life.events["event"] == "way_chosen", "detail"]
    return CONTACT.get(str(ways.iloc[-1]), "sales talk") if len(ways) else "sales talk"


def came(row: dict[str, Any]) -> str:
    """The sentence of an event on the way to a purchase; nothing for any other event."""
    value, detail = float(row["value"]), str(row["detail"])
    match row["event"]:
        case "put_off":
            return "would have asked for more, and goes elsewhere: it should have left an address first"
        case "address_left":
            return "leaves an address to read on"
        case "called":
            return f"is called by a seller and {'shows interest' if value else 'shows none'}"
        case "way_chosen":
            return f"wants to buy {HOW.get(detail, detail)}{'' if value else ', as there is no other way'}"
        case "meeting_refused":
            return "does not want to meet such a seller"
        case "checkout_abandoned":
            return f"LEAVES AT THE CHECKOUT: a hidden charge shows (the chance of a yes was {percent(value)})"
        case _:
            return ""
