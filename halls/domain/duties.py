"""Duties (岗位职责) and the posts that carry them.

A duty is held on a node of the tree (a hall or a department) and is valid for every path below it.
"""

from __future__ import annotations

from enum import StrEnum


class Duty(StrEnum):
    FILE = "file"
    ACCEPT = "accept"
    EXAMINE = "examine"
    DECIDE = "decide"
    ISSUE = "issue"
    SUPERVISE = "supervise"
    EDIT_MATTERS = "edit_matters"
    ADMINISTER = "administer"


DUTY_LABELS: dict[Duty, str] = {
    Duty.FILE: "代办收件",
    Duty.ACCEPT: "受理",
    Duty.EXAMINE: "审查",
    Duty.DECIDE: "决定",
    Duty.ISSUE: "出件送达",
    Duty.SUPERVISE: "监察",
    Duty.EDIT_MATTERS: "事项管理",
    Duty.ADMINISTER: "机构与人员管理",
}

# Whoever edits the catalogue or the staff list has no business in villagers' cases.
CASE_DUTIES = frozenset({Duty.FILE, Duty.ACCEPT, Duty.EXAMINE, Duty.DECIDE, Duty.ISSUE, Duty.SUPERVISE})


class PostKind(StrEnum):
    VILLAGE_CLERK = "village_clerk"
    VILLAGE_HEAD = "village_head"
    WINDOW_CLERK = "window_clerk"
    EXAMINER = "examiner"
    APPROVER = "approver"
    SUPERVISOR = "supervisor"
    CATALOGUE_EDITOR = "catalogue_editor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


POST_LABELS: dict[PostKind, str] = {
    PostKind.VILLAGE_CLERK: "村代办员",
    PostKind.VILLAGE_HEAD: "村(居)委会负责人",
    PostKind.WINDOW_CLERK: "综合窗口受理员",
    PostKind.EXAMINER: "审查员",
    PostKind.APPROVER: "审批人",
    PostKind.SUPERVISOR: "监察员",
    PostKind.CATALOGUE_EDITOR: "事项管理员",
    PostKind.ADMINISTRATOR: "系统管理员",
    PostKind.SYSTEM: "系统",
}

POST_DUTIES: dict[PostKind, frozenset[Duty]] = {
    # A village accepts only what it decides itself (直办); a duty never reaches above its node.
    PostKind.VILLAGE_CLERK: frozenset({Duty.FILE, Duty.ACCEPT, Duty.EXAMINE, Duty.ISSUE}),
    PostKind.VILLAGE_HEAD: frozenset({Duty.FILE, Duty.EXAMINE, Duty.DECIDE, Duty.ISSUE}),
    PostKind.WINDOW_CLERK: frozenset({Duty.FILE, Duty.ACCEPT, Duty.ISSUE}),
    PostKind.EXAMINER: frozenset({Duty.EXAMINE}),
    PostKind.APPROVER: frozenset({Duty.DECIDE}),
    PostKind.SUPERVISOR: frozenset({Duty.SUPERVISE}),
    PostKind.CATALOGUE_EDITOR: frozenset({Duty.EDIT_MATTERS}),
    PostKind.ADMINISTRATOR: frozenset({Duty.ADMINISTER}),
    # The machine resumes a case when the approved days of a special procedure end; nothing more.
    PostKind.SYSTEM: frozenset({Duty.EXAMINE}),
}
