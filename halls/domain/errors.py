"""What can go wrong, said so that a person knows what to do next.

Every refusal carries an English code for programs, a Chinese sentence for people, the field it
concerns and the cure. config/errors.py alone decides which HTTP status each class becomes.
"""

from __future__ import annotations


class DomainError(Exception):
    """Base of all refusals; never raised itself."""

    def __init__(self, code: str, message: str, *, field: str = "", cure: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.field = field
        self.cure = cure


class NotFound(DomainError):  # noqa: N818 - the official act is "not found", the suffix adds nothing
    """The actor cannot see it, or it does not exist: the same answer for both."""

    def __init__(self, message: str = "没有找到这一件，或者它不在您的办理范围内。") -> None:
        super().__init__("not_found", message, cure="请核对编号；如确需查看，请联系所属大厅。")


class NotPermitted(DomainError):  # noqa: N818
    """The actor sees it but holds no duty for this act there."""


class Refused(DomainError):  # noqa: N818
    """The act is not possible now: wrong state, or a named rule forbids it."""


class Stale(Refused):
    """The page the actor worked from is older than the case."""


class Busy(Refused):
    """Nothing is wrong; the machine is at something else. `retry_after` is in seconds."""

    def __init__(self, code: str, message: str, *, cure: str, retry_after: int) -> None:
        super().__init__(code, message, cure=cure)
        self.retry_after = retry_after


class Invalid(DomainError):  # noqa: N818
    """Input that cannot be taken; `problems` lists every faulty field at once."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str = "",
        cure: str = "",
        problems: tuple[Problem, ...] = (),
    ) -> None:
        super().__init__(code, message, field=field, cure=cure)
        self.problems = problems or ((Problem(field, message, cure),) if field else ())


class Problem:
    """One faulty field: its name, what is wrong, what to do."""

    __slots__ = ("cure", "field", "message")

    def __init__(self, field: str, message: str, cure: str = "") -> None:
        self.field = field
        self.message = message
        self.cure = cure

    def __repr__(self) -> str:
        return f"Problem({self.field!r}, {self.message!r})"
