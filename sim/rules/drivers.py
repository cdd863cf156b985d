"""Key drivers: what goes with a metric once the other drivers are held."""

from collections.abc import Sequence


def ridge(correlations: Sequence[Sequence[float]], associations: Sequence[float], penalty: float) -> tuple[float, ...]:
    """Standardised coefficients b of (R + penalty I) b = r (Hoerl & Kennard 1970).

    `correlations` R of the drivers, `associations` r of each with the metric, penalty > 0: readings of doubt
    by readings. Gaussian elimination without pivots: the matrix is positive definite.
    """
    n = len(associations)
    rows = [[*row, associations[i]] for i, row in enumerate(correlations)]
    for i in range(n):
        rows[i][i] += penalty
    for i in range(n):
        for j in range(i + 1, n):
            factor = rows[j][i] / rows[i][i]
            rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    found = [0.0] * n
    for i in reversed(range(n)):
        known = sum(rows[i][j] * found[j] for j in range(i + 1, n))
        found[i] = (rows[i][n] - known) / rows[i][i]
    return tuple(found)
