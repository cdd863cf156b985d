"""The arguments of `outcomelab fit`: a mistake is one sentence, not a page of usage."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NoReturn

from sim.checks import InputError

EXAMPLE: Final = """example:
  outcomelab fit customers.csv --tenure "Months, total" --churned Status=left --fee "Monthly fee" \\
      --out my/market/mine.yaml
  outcomelab run --config-dir my market=mine

One row per customer. The file is only read; what is written holds distributions and the file's hash."""

_OPTION_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_READ_AS_VALUES: Final = frozenset(("null", "none", "true", "false", "yes", "no", "on", "off", "nan", "inf"))
MONTHS_PER_UNIT: Final = {"days": 12 / 365.25, "months": 1.0, "years": 12.0}


class _Parser(argparse.ArgumentParser):
    """Raises an InputError where argparse would print usage and leave."""

    def error(self, message: str) -> NoReturn:
        unknown = re.match(r"unrecognized arguments: (-\S+)", message)
        if unknown:
            near = get_close_matches(unknown[1].split("=")[0], list(self._option_string_actions), n=1)
            hint = f": did you mean {near[0]}?" if near else ""
            raise InputError(f"fit has no option {unknown[1]!r}{hint}")
        raise InputError(f"fit: {message} (outcomelab fit --help shows an example)")


def read_arguments(argv: Sequence[str]) -> argparse.Namespace:
    """Parsed and checked arguments; `--help` prints and raises SystemExit(0)."""
    arguments = _parser().parse_args(list(argv))
    if arguments.term_months is None:
        arguments.term_months = 12 if arguments.tenure_unit == "years" else 1
    if not 1 <= arguments.term_months <= 120:
        raise InputError(f"--term-months must be in [1, 120], got {arguments.term_months}")
    check_out(arguments.out)
    return arguments


def check_out(out: str) -> None:
    """Refuse a path that could not be chosen as a market or written."""
    path = Path(out)
    if path.suffix != ".yaml":
        raise InputError(f"--out must end in .yaml, got {out!r}")
    if not _OPTION_NAME.fullmatch(path.stem) or path.stem.casefold() in _READ_AS_VALUES:
        raise InputError(
            f"--out names the market, so it must be a word of letters, digits, - and _ (not null, true"
            f" or the like), got {path.stem!r}"
        )
    if path.is_dir():
        raise InputError(f"--out must be a file, {out} is a folder")


def _parser() -> _Parser:
    parser = _Parser(
        prog="outcomelab fit",
        description="Fit a market to a file of customers: retention (shifted beta-geometric by maximum likelihood,"
        " customers still here right-censored) shown against Kaplan-Meier; sizes and fees resampled from the file.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("file", metavar="FILE.csv", help="one row per customer, column names in the first row")
    add("--tenure", metavar="COL", required=True, help="how long the customer has been one, or had been")
    add("--churned", metavar="COL=VALUE", required=True, help="VALUE in COL says that the customer left")
    add("--fee", metavar="COL", help="what the customer pays per month, all seats together")
    add("--seats", metavar="COL", help="number of seats, or any other measure of size")
    add("--usage", metavar="COL", help="amount of use; shown against leaving, not put into the market")
    add("--group", metavar="COL=VALUE", action="append", help="only these customers; may be repeated")
    add("--id", metavar="COL", dest="identity", help="column that must not repeat; `none` if it may (default: by name)")
    add("--out", metavar="MARKET.yaml", required=True, help="market to write; DIR/market/NAME.yaml is ready to use")
    add("--term-months", metavar="N", type=int, help="months between two renewals (default: 1, for years 12)")
    add("--tenure-unit", choices=sorted(MONTHS_PER_UNIT), default="months", help="unit of --tenure (default: months)")
    add("--preset", metavar="MARKET", help="market that says all the file does not (default: the nearest in fee)")
    add("--quick", action="store_true", help="do not simulate: keep the preset's reference constants, no calibration")
    return parser
