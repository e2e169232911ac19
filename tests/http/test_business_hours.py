"""Days on which it is closed, from calendars and countries (A§4.6)."""

from typing import Any

import pytest

from tests.http.house import API, House, basic

ADMIN = basic("admin")
OFFICE = {
    "name": "Office",
    "regular": ["Mon-Fri 09:00-17:00"],
    "exceptions": ["2026-12-24 09:00-12:00"],
}
EVENT = "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\nDTEND:20261227\r\nEND:VEVENT\r\n"
MEETING = "BEGIN:VEVENT\r\nDTSTART:20261201T100000Z\r\nEND:VEVENT\r\n"
CALENDAR = f"BEGIN:VCALENDAR\r\n{EVENT}{MEETING}END:VCALENDAR\r\n"


async def office(house: House) -> str:
    made = await house.ask("POST", API + "/business-hours", OFFICE, ADMIN)
    return API + str(made.json["path"])


async def exceptions(house: House, path: str) -> list[str]:
    shown = (await house.ask("GET", path, headers=ADMIN)).json["businessHours"]["exceptions"]
    return list(shown)


@pytest.mark.parametrize("plain", [True, False])
async def test_days_of_a_calendar_are_added_once_and_a_day_with_hours_keeps_them(plain: bool) -> None:
    async with House() as house:
        path = await office(house)
        body: Any = CALENDAR.encode() if plain else {"operationName": "ImportCalendar", "calendar": CALENDAR}
        headers = ADMIN | {"Content-Type": "text/calendar; charset=utf-8" if plain else "application/json"}
        added = ["2026-12-25 closed", "2026-12-26 closed"]
        answer = await house.ask("POST", path, body, headers)
        assert answer.json == {"statusCode": 0, "added": added, "passedOver": 1}
        again = await house.ask("POST", path, body, headers)
        assert again.json == {"statusCode": 0, "added": [], "passedOver": 1}
        assert await exceptions(house, path) == ["2026-12-24 09:00-12:00", *added]


async def test_holidays_of_a_country_and_of_a_part_of_it() -> None:
    async with House() as house:
        path = await office(house)
        body = {"operationName": "AddHolidays", "country": "DE", "years": [2027]}
        whole = (await house.ask("POST", path, body, ADMIN)).json["added"]
        assert "2027-12-25 closed" in whole
        assert "2027-01-06 closed" not in whole
        part = (await house.ask("POST", path, body | {"subdivision": "BY"}, ADMIN)).json["added"]
        assert "2027-01-06 closed" in part
        assert not set(part) & set(whole)


@pytest.mark.parametrize(
    ("body", "user", "expected"),
    [
        ({"operationName": "AddHolidays", "country": "DE", "years": [2027]}, "supervisor", 5),
        ({"operationName": "AddHolidays", "country": "XX", "years": [2027]}, "admin", 10),
        (
            {"operationName": "AddHolidays", "country": "DE", "subdivision": "Q", "years": [2027]},
            "admin",
            10,
        ),
        ({"operationName": "AddHolidays", "country": "DE", "years": []}, "admin", 10),
        ({"operationName": "AddHolidays", "country": "DE", "years": [1]}, "admin", 10),
        ({"operationName": "AddHolidays", "country": "DE", "years": ["2027"]}, "admin", 10),
        ({"operationName": "AddHolidays", "country": "DE"}, "admin", 1),
        ({"operationName": "ImportCalendar"}, "admin", 1),
        ({"operationName": "ImportCalendar", "calendar": "x:y"}, "admin", 10),
        ({"operationName": "Dance"}, "admin", 10),
        ([], "admin", 10),
    ],
)
async def test_what_is_refused(body: Any, user: str, expected: int) -> None:
    async with House() as house:
        path = await office(house)
        assert (await house.ask("POST", path, body, basic(user))).json["statusCode"] == expected
        assert await exceptions(house, path) == OFFICE["exceptions"]


async def test_unknown_hours_and_octets_that_are_no_text() -> None:
    async with House() as house:
        body = {"operationName": "ImportCalendar", "calendar": CALENDAR}
        answer = await house.ask("POST", API + "/business-hours/0123", body, ADMIN)
        assert answer.json["statusCode"] == 6
        path = await office(house)
        answer = await house.ask("POST", path, b"\xff", ADMIN | {"Content-Type": "text/calendar"})
        assert answer.json["statusCode"] == 10
