"""When an article was published, and what cannot be a date."""

from datetime import UTC, datetime

import pytest

from xsource.ingest.dates import DateError, parse_published

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00+03:00", datetime(2026, 3, 1, 6, 30, tzinfo=UTC)),
        ("2026-03-01 09:30", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("Fri, 27 Oct 2023 09:30:00 +0300", datetime(2023, 10, 27, 6, 30, tzinfo=UTC)),
        ("27.10.2023", datetime(2023, 10, 27, tzinfo=UTC)),
        ("27.10.2023, 09:30 МСК", datetime(2023, 10, 27, 6, 30, tzinfo=UTC)),
        ("27/10/2023", datetime(2023, 10, 27, tzinfo=UTC)),
        ("10-27-2023", datetime(2023, 10, 27, tzinfo=UTC)),
        ("2023/10/7", datetime(2023, 10, 7, tzinfo=UTC)),
        ("07-02-2026", datetime(2026, 2, 7, tzinfo=UTC)),  # 2 July is in the future
        ("٢٧ أكتوبر ٢٠٢٣", datetime(2023, 10, 27, tzinfo=UTC)),
        ("27 تشرين الأول/أكتوبر 2023", datetime(2023, 10, 27, tzinfo=UTC)),
        ("27 באוקטובר 2023, 09:30", datetime(2023, 10, 27, 9, 30, tzinfo=UTC)),
        ("пятница, 27 октября 2023 г., 09:30", datetime(2023, 10, 27, 9, 30, tzinfo=UTC)),
        ("October 27th, 2023 9:30 pm EST", datetime(2023, 10, 28, 2, 30, tzinfo=UTC)),
        ("Fri, 27 Oct 2023 09:30:00 MSK", datetime(2023, 10, 27, 6, 30, tzinfo=UTC)),
        ("Fri, 27 Oct 2023 09:30:00 IST", datetime(2023, 10, 27, 7, 30, tzinfo=UTC)),
        ("Fri, 27 Oct 2023 09:30:00 UTC+3", datetime(2023, 10, 27, 6, 30, tzinfo=UTC)),
        ("2023-10-27 09:30 GMT+02:00", datetime(2023, 10, 27, 7, 30, tzinfo=UTC)),
        ("2026-03-02T11:00:00Z", datetime(2026, 3, 2, 11, tzinfo=UTC)),  # within a day: a clock that is fast
    ],
)
def test_dates_are_read_into_utc(text, moment):
    assert parse_published(text, NOW) == moment


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("yesterday", 'is "yesterday", not an ISO 8601 date'),
        ("вчера", "not an ISO 8601 date"),
        ("2026-02-30", "not an ISO 8601 date"),
        ("05-04-2024", "which may be 2024-04-05 or 2024-05-04"),
        ("05/04/2024", "which may be 2024-04-05 or 2024-05-04"),
        ("Fri, 27 Oct 2023 09:30:00 XQT", 'has the time zone "XQT"'),
        ("31.11.2023", "not an ISO 8601 date"),
        ("2026-13-01T00:00:00Z", "not an ISO 8601 date"),
        ("Fri, 99 Oct 2023 09:30:00", "not an ISO 8601 date"),
        ("1698400000", "not an ISO 8601 date"),
        ("2026-03-02T12:00:01Z", "in the future"),
        ("9999-12-31T23:59:59-23:59", "not an ISO 8601 date"),
        ("0001-01-01T00:00:00+23:59", "not an ISO 8601 date"),
        ("0001-01-01", "is 0001-01-01, which is no date of a news article"),
        ("1970-01-01T00:00:00Z", "is 1970-01-01, which is no date of a news article"),
        ("", "not an ISO 8601 date"),
        ("x" * 5000, "not an ISO 8601 date"),
    ],
)
def test_what_is_no_date_or_cannot_be_is_refused(text, message):
    with pytest.raises(DateError) as raised:
        parse_published(text, NOW)
    assert message in str(raised.value)
    assert len(str(raised.value)) < 200
