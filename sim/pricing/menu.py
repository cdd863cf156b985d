"""A menu of tariffs: each customer chooses one, or gets one by lot."""

from dataclasses import dataclass

from sim.checks import InputError, flag, part
from sim.pricing.formula import Formula
from sim.pricing.tariff import Charges, Period, Tariff


@dataclass(frozen=True)
class Menu(Formula):
    """Options are matched one by one; what choosers and lots have in common is the tariff, not the people."""

    self_selected: bool = flag("customers take what is cheapest by their own expectation; else a lot decides")  # type: ignore[misc]
    options: dict[str, Tariff] = part("name -> tariff")  # type: ignore[misc]

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, option in self.options.items():
            if option.free is not None:
                raise InputError(f"options must be taken from a seller, got {name} with a plan without a price")

    def invoice(self, period: Period) -> Charges:
        """What the option that the lot points at costs."""
        return self.options[by_lot(list(self.options), period.lot)].invoice(period)


def by_lot(names: list[str], lot: float) -> str:
    """The option that a uniform number points at."""
    return names[int(lot * len(names))]
