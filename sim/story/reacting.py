"""What people say, feel and do of their own accord, as sentences."""

from __future__ import annotations

from typing import Any

from sim.story.coming import came
from sim.story.words import percent, span


def reacted(row: dict[str, Any]) -> str:
    """The sentence of a reaction, a gesture or what it answers, or of how somebody came."""
    value, detail = float(row["value"]), str(row["detail"])
    match row["event"]:
        case "present":
            return f"is a customer of old, signed {span(value)} ago"
        case "signed_up_free":
            return f"takes the plan that costs nothing: {percent(value)} of what it could use"
        case "stopped_free":
            return f"stops using the free plan, {span(value)} after signing up"
        case "converted":
            return f"has used the product for nothing for {span(value)} and DECIDES TO PAY"
        case "deterred":
            return "stays away: it was warned, or read what others write"
        case "broke_off":
            return "breaks off the purchase after being treated badly"
        case "told":
            return f"tells others a {'good' if detail == 'good' else 'bad'} story about the firm"
        case "reviewed":
            return f"writes a {'good' if value > 0.0 else 'bad'} review"
        case "notice_given":
            return f"is angry and GIVES NOTICE (the chance of going on was {percent(value)})"
        case "thanked":
            return "is thanked"
        case "surprised":
            return "is surprised with something it never asked for"
        case "personalised":
            return "is treated in person, by what is known about it"
        case "engaged":
            return "the product has spoken to its users"
        case "bill_shock":
            return f"is shocked by a bill: {percent(value)} beyond what it tolerates"
        case "disputed":
            return "disputes a bill"
        case _:
            return came(row)
