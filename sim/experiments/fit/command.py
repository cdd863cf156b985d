"""`outcomelab fit`: read, fit, show, write."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.checks import InputError
from sim.experiments.fit.arguments import MONTHS_PER_UNIT, read_arguments
from sim.experiments.fit.evidence import beside_kaplan_meier, table_lines, warnings
from sim.experiments.fit.market_file import market_node, yaml_text
from sim.experiments.fit.presets import chosen, presets
from sim.fitting.customers import Columns, Customers, read_customers
from sim.fitting.likelihood import Fitted, maximum_likelihood
from sim.fitting.sizes import Sizes, left_by_usage, read_sizes
from sim.fitting.table import Table, read_table
from sim.fitting.text_file import read_text
from sim.fitting.values import grouped
from sim.tables import write_atomically


def main(argv: Sequence[str]) -> int:
    """Fit a market to the file named in `argv` and write it; wrong input raises InputError."""
    try:
        arguments = read_arguments(argv)
    except SystemExit as left:  # --help
        return int(left.code or 0)
    file = read_text(arguments.file)
    whole = read_table(file)
    table, asked = grouped(whole, tuple(arguments.group or ()))
    columns = _columns(arguments)
    customers = read_customers(table, columns)
    sizes = read_sizes(table, columns)
    _warn(*file.repairs, *whole.repairs, *asked, *customers.repairs, *sizes.repairs)
    fitted = maximum_likelihood(customers.lifetimes(arguments.term_months))
    _show(table, customers, fitted, arguments)
    _show_usage(table, columns)
    _write(arguments, file.sha256, fitted, customers, sizes)
    return 0


def _columns(arguments: argparse.Namespace) -> Columns:
    return Columns(
        tenure=arguments.tenure,
        churned=arguments.churned,
        fee=arguments.fee,
        seats=arguments.seats,
        usage=arguments.usage,
        identity=arguments.identity,
        months_per_tenure=MONTHS_PER_UNIT[arguments.tenure_unit],
    )


def _show(table: Table, customers: Customers, fitted: Fitted, arguments: argparse.Namespace) -> None:
    """The law, and the law beside Kaplan-Meier."""
    gone, all_ = int(customers.left.sum()), customers.left.size
    law, term = fitted.law, arguments.term_months
    print(f"{table.name}: {all_} customers, {gone} left ({gone / all_:.1%}), the others are still here (censored)")
    print(
        f"shifted beta-geometric, terms of {term} month{'s' * (term > 1)}: alpha {law.alpha:.6g}, beta {law.beta:.6g};"
        f" {law.mean_churn:.2%} leave at the first renewal; log-likelihood {fitted.log_likelihood:.3f}"
    )
    rows = beside_kaplan_meier(law, customers, term)
    print("\n".join(table_lines(rows)))
    _warn(*warnings(rows, fitted.alike, one_group=bool(arguments.group)))


def _show_usage(table: Table, columns: Columns) -> None:
    shares, said = left_by_usage(table, columns)
    _warn(*said)
    if shares:
        quarters = "  ".join(f"{share:.3f}" for share in shares)
        print(f"share that left by quarter of use, least first: {quarters}")
        _warn("use is shown only: it goes with tenure and fit, so that this is no effect of use on leaving")


def _write(arguments: argparse.Namespace, sha256: str, fitted: Fitted, customers: Customers, sizes: Sizes) -> None:
    """The market file, whole or not at all, and how to use it."""
    out = Path(arguments.out)
    mean_fee = None if sizes.fee is None else float(sizes.fee.mean())
    preset, sentence = chosen(arguments.preset, mean_fee)
    if out.stem in presets():
        raise InputError(f"--out must not have the name of a shipped market, got {out.stem}")
    _warn(sentence)
    source = f"data: sha256 {sha256[:12]}"
    node, comments = market_node(preset, out.stem, fitted.law, arguments.term_months, sizes, source)
    if not arguments.quick:
        node, comments = _simulated(node, comments, fitted, arguments.term_months)
    header = [
        "A market fitted to a customer file: distributions only; what the file did not say is from the market"
        f" {preset.name}.",
        f"source: {customers.left.size} customers, {int(customers.left.sum())} left; sha256 {sha256}",
        f"law: shifted beta-geometric (Fader & Hardie 2007), log-likelihood {fitted.log_likelihood:.6g}",
    ]
    existed = out.exists()
    write_atomically(out, yaml_text(header, node, comments).encode())
    print(f"{out} {'written over' if existed else 'written'}; {_usage_line(out)}")


def _simulated(
    node: dict[str, Any], comments: dict[str, str], fitted: Fitted, term_months: int
) -> tuple[dict[str, Any], dict[str, str]]:
    """The market with its own frozen reference and the shift that makes its retention the file's."""
    from sim.experiments.fit.calibration import calibrated

    _warn("simulating the market under the reference policy, about a minute (--quick leaves this out)")
    done = calibrated(node, fitted.law, term_months)
    shift, law = done.node["frailty"]["shift_logit"], fitted.law.survival(done.months // term_months)
    print(
        f"simulated under policy balanced in world both_matter: {done.simulated:.4f} stay {done.months} months"
        f" (standard error {done.standard_error:.4f}), the law says {law:.4f};"
        f" frailty.shift_logit {shift:+.4g}"
    )
    return done.node, {**comments, "frailty.shift_logit": "calibrated: simulated retention meets the file's"}


def _warn(*sentences: str) -> None:
    for sentence in sentences:
        print(f"outcomelab fit: {sentence}", file=sys.stderr)


def _usage_line(out: Path) -> str:
    """The command that runs the market just written."""
    if out.parent.name == "market":
        folder = out.parent.parent
        return f"use it: outcomelab run --config-dir {shlex.quote(str(folder))} market={out.stem}"
    return (
        f"use it: put it into a folder called market, say DIR/market/{out.name}, and run"
        f" outcomelab run --config-dir DIR market={out.stem}"
    )
