"""The facts: tables, enumerations, constraints, and the rules inside one aggregate."""

from models.base import Base
from models.calendar import CalendarException, CalendarYear
from models.cases import CaseEvent, ChangeRequest, Paper, ReturnRequest, Task
from models.delivery import Contact, Delivery
from models.exchange import ExchangeMessage, OutsideCase
from models.offices import Division, Membership, Office, SchoolPlaces, Term
from models.people import Account, Guardianship, SignIn, Substitution, Throttle
from models.processes import ProcessVersion
from models.registry import Enrolment, NumberCounter, Student, StudentOverlay
from models.signals import AccessLog, CaseTimer, Notice, Outbox, Timer

__all__ = [
    "AccessLog",
    "Account",
    "Base",
    "CalendarException",
    "CalendarYear",
    "CaseEvent",
    "CaseTimer",
    "ChangeRequest",
    "Contact",
    "Delivery",
    "Division",
    "Enrolment",
    "ExchangeMessage",
    "Guardianship",
    "Membership",
    "Notice",
    "NumberCounter",
    "Office",
    "Outbox",
    "OutsideCase",
    "Paper",
    "ProcessVersion",
    "ReturnRequest",
    "SchoolPlaces",
    "SignIn",
    "Student",
    "StudentOverlay",
    "Substitution",
    "Task",
    "Term",
    "Throttle",
    "Timer",
]
