"""Time and money units: the one place where a month becomes days."""

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
MONTHS_PER_YEAR = 12
HOURS_PER_DAY = 24.0
BUSINESS_DAY_START_HOUR = 9.0
BUSINESS_DAY_END_HOUR = 17.0
BUSINESS_DAYS_PER_WEEK = 5
DAYS_PER_WEEK = 7
WORK_HOURS_PER_DAY = (BUSINESS_DAY_END_HOUR - BUSINESS_DAY_START_HOUR) * BUSINESS_DAYS_PER_WEEK / DAYS_PER_WEEK
"""Working hours one full-time person gives per *calendar* day (40 h per week over 7 days)."""


def days(months: float) -> float:
    """Calendar days in `months` months."""
    return months * DAYS_PER_MONTH


def months(days_: float) -> float:
    """Months in `days_` calendar days."""
    return days_ / DAYS_PER_MONTH
