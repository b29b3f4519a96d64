from halls.models.append_only import AppendOnly
from halls.models.calendar_notice import CalendarNotice
from halls.models.division import Division, Level
from halls.models.hall import Department, Hall, Window
from halls.models.opening import HallOpening
from halls.models.post import Delegation, Post
from halls.models.two_persons import TwoPersons
from halls.models.user import User
from halls.models.work_calendar import CalendarDay, CalendarYear

__all__ = [
    "AppendOnly",
    "CalendarDay",
    "CalendarNotice",
    "CalendarYear",
    "Delegation",
    "Department",
    "Division",
    "Hall",
    "HallOpening",
    "Level",
    "Post",
    "TwoPersons",
    "User",
    "Window",
]
