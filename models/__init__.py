"""The facts: tables, enumerations, constraints, and the rules inside one aggregate."""

from models.admissions import Reservation, Roster, RosterLine
from models.aside import Copy, DraftOpinion
from models.base import Base
from models.bulks import Bulk, BulkItem
from models.calendar import CalendarException, CalendarYear
from models.cases import CaseEvent, ChangeRequest, Paper, ReturnRequest, Task
from models.delivery import Contact, Delivery
from models.exchange import ExchangeMessage, OutsideCase
from models.offices import Division, Membership, Office, SchoolPlaces, Term
from models.people import Account, FormToken, Guardianship, SignIn, Substitution, Throttle
from models.processes import ProcessFile, ProcessVersion
from models.proposals import Proposal, ProposalRun
from models.registry import Enrolment, NumberCounter, RecordEdit, Student, StudentOverlay, StudentProfile
from models.sanctions import Sanction
from models.signals import AccessLog, CaseTimer, Notice, Outbox, Timer
from models.studies import Aid, GraduationProof, Placement, ReturnNotice, SemesterRecord, Suspension

__all__ = [
    "AccessLog",
    "Account",
    "Aid",
    "Base",
    "Bulk",
    "BulkItem",
    "CalendarException",
    "CalendarYear",
    "CaseEvent",
    "CaseTimer",
    "ChangeRequest",
    "Contact",
    "Copy",
    "Delivery",
    "Division",
    "DraftOpinion",
    "Enrolment",
    "ExchangeMessage",
    "FormToken",
    "GraduationProof",
    "Guardianship",
    "Membership",
    "Notice",
    "NumberCounter",
    "Office",
    "Outbox",
    "OutsideCase",
    "Paper",
    "Placement",
    "ProcessFile",
    "ProcessVersion",
    "Proposal",
    "ProposalRun",
    "RecordEdit",
    "Reservation",
    "ReturnNotice",
    "ReturnRequest",
    "Roster",
    "RosterLine",
    "Sanction",
    "SchoolPlaces",
    "SemesterRecord",
    "SignIn",
    "Student",
    "StudentOverlay",
    "StudentProfile",
    "Substitution",
    "Suspension",
    "Task",
    "Term",
    "Throttle",
    "Timer",
]
