"""What service does to a life, as sentences."""

from __future__ import annotations

from typing import Any

from sim.story.reacting import reacted
from sim.story.words import span


def served(row: dict[str, Any]) -> str:
    """The sentence of a service event, or of a reaction; nothing for any other."""
    value, detail = float(row["value"]), str(row["detail"])
    match row["event"]:
        case "incident":
            how = "it is told at once" if detail == "told" else "nobody tells it"
            return f"an incident hits it and others; {how}"
        case "self_served":
            return f"finds help in an article, {detail.replace('_', ' ')}"
        case "refused":
            return "is told that nothing can be done"
        case "promise_broken":
            return f"a promise is BROKEN: nothing by the promised day, {span(value)} after it asked"
        case "promise_kept":
            return "a promise is kept"
        case "appointment_missed":
            return f"misses an appointment and loses {span(value)}"
        case "seen_off":
            return "is seen off with care"
        case "heard_of_case":
            told = "a case that went well" if detail == "good" else "a case that went badly"
            return f"hears of {told} from customer {value:.0f}"
        case _:
            return reacted(row)
