"""Days and durations are read as a text writes them; waits and limits are no durations."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markdown.facts.dates import find_dates, read_dates
from kb.markdown.facts.durations import find_duration, measure, read_duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Date: 2024-03-05", "2024-03-05"),
        ("**Incident date**: March 5th, 2024", "2024-03-05"),
        ("On Thursday 5 December 2019 we", "2019-12-05"),
        ("On 17. November 2020", "2020-11-17"),
        ("on 30th June 2021", "2021-06-30"),
        ("am 5. M\u00e4rz 2024", "2024-03-05"),
        ("Sep 3, 2023", "2023-09-03"),
        ("| 2024-03-05 10:00 | down |", "2024-03-05"),
        ("2024-03-05T10:00:00Z", "2024-03-05"),
        ("2024/03/05", "2024-03-05"),
    ],
)
def test_a_day_is_read(text: str, expected: str) -> None:
    """As numbers with the year first, or with the month in words."""
    assert list(find_dates(text)) == [expected]


@pytest.mark.parametrize(
    "text",
    """May 2024|in 2024|31 February 2024|2024-13-01|v2024-01-02|AWS::Serverless-2016-10-31|1.2.2024|20240305
    |backup-2024-01-01.log|03/05/2024|Chapter 5, 2024""".replace("\n    ", "").split("|"),
)
def test_what_is_no_day_is_left_out(text: str) -> None:
    """Months, days that do not exist, names of files and versions, and what can be read two ways."""
    assert list(find_dates(text)) == []


def test_front_matter_tells_days_first() -> None:
    """Its own date, then those of other fields."""
    meta = {"date": "2024-03-05", "extra": {"end_time": "2024-03-06T01:00:00", "n": ["x"]}}

    assert list(read_dates(meta)) == ["2024-03-05", "2024-03-06"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Duration: 2 hours 15 minutes", 8_100),
        ("**Duration:** 2h15m", 8_100),
        ("- **Total downtime**: ~3 hours", 10_800),
        ("| Duration | 1 h 30 min |", 5_400),
        ("Duration: 00:45:00", 2_700),
        ("Incident duration was 35 minutes", 2_100),
        ("lasted 45 min", 2_700),
        ("The outage lasted about 45 min.", 2_700),
        ("It lasted for two hours and 5 minutes", 7_500),
        ("a 45-minute outage", 2_700),
        ("an incident of 2 days", 172_800),
        ("the site was unavailable for half an hour", 1_800),
        ("- Time to recovery: 20 hours 20 minutes.", 73_200),
        ("Dauer: 2 h", 7_200),
    ],
)
def test_a_duration_is_read(text: str, seconds: int) -> None:
    """From a label, or from a sentence about the trouble."""
    found = find_duration([text])

    assert found
    assert found.seconds == seconds
    assert found.text in text


@pytest.mark.parametrize(
    "text",
    [
        "The request timed out after 30 s",
        "the timeout lasted 30 s",
        "Duration: 3000.00 ms",
        "Billed Duration: 300 s",
        "SLA: downtime of 5 minutes per year",
        "retry interval duration: 5 minutes",
        "Time to detection: 5 minutes",
        "Time to recovery: N/A",
        "wait for 10 minutes",
        "high for 10 minutes",
        "duration: 90",
    ],
)
def test_a_wait_is_no_duration(text: str) -> None:
    """Timeouts, intervals, limits and other times are left out."""
    assert find_duration([text]) is None


def test_the_most_explicit_duration_wins() -> None:
    """A label comes before a sentence, wherever it stands."""
    found = find_duration(["It lasted 5 minutes.", "Time to recovery: 1 h", "Duration: 2 h"])

    assert found
    assert found.seconds == 7_200


@pytest.mark.parametrize(
    ("meta", "seconds"),
    [
        ({"duration": "90 minutes"}, 5_400),
        ({"extra": {"Outage-Duration": "1h 30m"}}, 5_400),
        ({"start": "2024-03-05T10:00:00", "end": "2024-03-05T11:30:00"}, 5_400),
        ({"extra": {"start_time": "2024-03-05T10:00:00", "end_time": "2024-03-05 11:30"}}, 5_400),
        ({"extra": {"start_time": "2024-03-05T10:00Z", "end_time": "2024-03-05T11:30Z"}}, 5_400),
        ({"date": "2024-03-05", "extra": {"end_time": "2024-03-05T11:30"}}, None),
        ({"extra": {"start_time": "2024-03-05T10:00", "end_time": "2024-03-05T11:30Z"}}, None),
        ({"extra": {"start_time": "2024-03-05T10:00", "end_time": "2024-03-05T09:30"}}, None),
        ({"extra": {"start_time": "soon: 10", "end_time": ["x"], "duration": "long"}}, None),
        ({}, None),
    ],
)
def test_front_matter_tells_the_duration(meta: dict[str, Any], seconds: int | None) -> None:
    """In words, or by a start and an end that name the minute."""
    found = read_duration(meta)

    assert (found.seconds if found else None) == seconds


@given(st.integers(0, 9), st.integers(0, 23), st.integers(0, 59))
def test_spellings_agree(days: int, hours: int, minutes: int) -> None:
    """Letters and words are the same time."""
    seconds = days * 86_400 + hours * 3_600 + minutes * 60

    assert measure(f"{days}d{hours}h{minutes}m") == seconds
    assert measure(f"{days} days, {hours} hours and {minutes} minutes") == seconds
