"""Days of the contact centre, in its time zone. Knows no clock."""

from datetime import datetime, time, timedelta, tzinfo

from smsdesk.core.tallies import Day


def day_of(milliseconds: int, where: tzinfo) -> Day:
    """The day of a moment (UTC milliseconds): its date such as `2014-01-09`, and where it begins and ends. A
    day on which clocks are changed is an hour longer or shorter.
    """
    date = datetime.fromtimestamp(milliseconds / 1000, where).date()
    begin = datetime.combine(date, time(), where)
    end = datetime.combine(date + timedelta(days=1), time(), where)
    return Day(date.isoformat(), _milliseconds(begin), _milliseconds(end))


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
