"""Who and where."""

from people.models.audit import AuditEntry
from people.models.code import OneTimeCode
from people.models.outbox import OutboxMessage, SmsDay
from people.models.resident import ConsentRecord, Resident
from people.models.role import RoleAssignment
from people.models.unit import Unit
from people.models.user import User

__all__ = [
    "AuditEntry",
    "ConsentRecord",
    "OneTimeCode",
    "OutboxMessage",
    "Resident",
    "RoleAssignment",
    "SmsDay",
    "Unit",
    "User",
]
