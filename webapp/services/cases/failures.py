"""What keeps one case from going on, whoever is at work on it: whoever works on many tells of it and takes the next."""

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from models.transitions import ForbiddenTransition
from webapp.errors import Refusal
from workflows.decisions import DecisionError
from workflows.definition import DefinitionError
from workflows.engine import CaseStuck, TaskNotOpen, TimerNotArmed, UnknownOutcome
from workflows.state import StateError
from workflows.values import ExpressionError

# A history or a process that was altered in the database may name what the other does not know: hence KeyError.
ALTERED = (KeyError, TaskNotOpen, TimerNotArmed, UnknownOutcome, StateError, DefinitionError)
STUCK = (CaseStuck, DecisionError, ExpressionError)

# Whatever else is raised is a fault of ours, and ends the worker.
FAILURES = (*ALTERED, *STUCK, Refusal, ForbiddenTransition, SQLAlchemyError, psycopg.Error)
