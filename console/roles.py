"""Roles, and what each may do. An administrator sees no dossier."""

from enum import StrEnum


class Role(StrEnum):
    OPERATOR = "operator"
    REVIEWER = "reviewer"
    SENIOR = "senior"
    PANEL = "panel"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a route asks for. `SIGNED_IN` is everybody's."""

    SIGNED_IN = "signed_in"
    QUEUE = "queue"
    REVIEW = "review"
    PANEL = "panel"
    DASHBOARD = "dashboard"
    OPERATE = "operate"
    EXPORT = "export"
    LEDGER = "ledger"
    USERS = "users"


_P = Permission

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: frozenset({_P.SIGNED_IN, _P.QUEUE, _P.DASHBOARD, _P.OPERATE, _P.EXPORT}),
    Role.REVIEWER: frozenset({_P.SIGNED_IN, _P.QUEUE, _P.REVIEW}),
    Role.SENIOR: frozenset({_P.SIGNED_IN, _P.QUEUE, _P.REVIEW, _P.DASHBOARD}),
    Role.PANEL: frozenset({_P.SIGNED_IN, _P.PANEL}),
    Role.AUDITOR: frozenset({_P.SIGNED_IN, _P.LEDGER, _P.DASHBOARD}),
    Role.ADMINISTRATOR: frozenset({_P.SIGNED_IN, _P.USERS}),
}

SECOND_FACTOR: frozenset[Role] = frozenset({Role.SENIOR, Role.AUDITOR})
"""Roles that must give a second factor."""


def may(role: Role, permission: Permission) -> bool:
    """True when the role has the permission."""
    return permission in PERMISSIONS[role]
