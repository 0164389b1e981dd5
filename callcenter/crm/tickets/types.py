"""What kinds of tickets there are: a table of stages for each, defined by the administrator.

`Stage.next` is the whole truth about where a ticket may go; what is absent cannot happen. The kinds
that come with the product stand here; an administrator's version of one takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from callcenter.crm.customers.checking import EMAIL, EMAIL_MAX
from callcenter.crm.definitions.schemas import Code, Defined, Name, OtherName
from callcenter.crm.fields.schemas import OwnField

StageKind = Literal["open", "waiting", "solved", "closed"]
Told = Literal["created", "late", "solved"]
Minutes = Annotated[int, Field(ge=1, le=60 * 24 * 365)]
Address = Annotated[str, Field(max_length=EMAIL_MAX, pattern=f"^{EMAIL.pattern}$")]
PRIORITIES = (0, 1, 2, 3)  # low, normal, high, urgent


class Stage(Defined):
    """`kind`: in a waiting stage the clocks stand still, a solved one stops the solution's clock, a
    closed one ends the ticket. `needs`: own fields that must be filled in to get here;
    `needs_reason`: a sentence why. `deadline_minutes`: how long a ticket may stay."""

    code: Code
    name: Name
    name_zh: OtherName = ""
    kind: StageKind = "open"
    next: tuple[Code, ...] = ()
    needs: tuple[Code, ...] = ()
    needs_reason: bool = False
    deadline_minutes: Minutes | None = None


class Target(Defined):
    """The service level of a priority, in minutes of the working hours."""

    first_answer_minutes: Minutes | None = None
    solution_minutes: Minutes | None = None


class TicketType(Defined):
    """`stages`: the first is where a ticket begins. `targets`: by priority, 0 to 3. `work_hours`: a
    calendar's code, '' for round the clock. `escalate_to`: who gets a ticket that is too late.
    `mail`: addresses that are told of what `mail_on` names; `mail_customer`: the customer gets an
    e-mail that it was taken in, each answer, and that it is solved."""

    code: Code
    name: Name
    name_zh: OtherName = ""
    active: bool = True
    stages: Annotated[tuple[Stage, ...], Field(min_length=2, max_length=30)]
    fields: Annotated[tuple[OwnField, ...], Field(max_length=50)] = ()
    targets: Mapping[int, Target] = {}
    work_hours: Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,32}$")] = ""
    escalate_to: Annotated[str, Field(pattern=r"^[a-z0-9]{0,32}$")] = ""
    ask_satisfaction: bool = True
    mail: Annotated[tuple[Address, ...], Field(max_length=10)] = ()
    mail_on: Annotated[tuple[Told, ...], Field(max_length=3)] = ("created", "late")
    mail_language: Literal["en", "zh"] = "en"
    mail_customer: bool = False

    @model_validator(mode="after")
    def _holds_together(self) -> TicketType:
        codes = [stage.code for stage in self.stages]
        fields = {field.code for field in self.fields}
        if len(set(codes)) != len(codes):
            raise ValueError("two stages have the same code")
        if not any(stage.kind == "closed" for stage in self.stages):
            raise ValueError("there is no closed stage: a ticket could never end")
        if self.stages[0].kind != "open":
            raise ValueError("the first stage must be an open one")
        for stage in self.stages:
            for code in stage.next:
                if code not in codes:
                    raise ValueError(f"stage {stage.code} leads to {code}, which does not exist")
            for code in stage.needs:
                if code not in fields:
                    raise ValueError(f"stage {stage.code} needs the field {code}, which is missing")
        unreached = set(codes) - _reached(self.stages)
        if unreached:
            raise ValueError(f"no way leads to the stages {', '.join(sorted(unreached))}")
        if not set(self.targets) <= set(PRIORITIES):
            raise ValueError("targets are given for the priorities 0 to 3")
        return self

    def stage(self, code: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.code == code), None)


def _reached(stages: tuple[Stage, ...]) -> set[str]:
    by_code = {stage.code: stage for stage in stages}
    reached: set[str] = set()
    ahead = [stages[0].code]
    while ahead:
        code = ahead.pop()
        if code not in reached:
            reached.add(code)
            ahead += by_code[code].next
    return reached


def _stage(
    code: str, name: str, name_zh: str, kind: StageKind, *then: str, **more: object
) -> Stage:
    return Stage.model_validate(
        {"code": code, "name": name, "name_zh": name_zh, "kind": kind, "next": then, **more}
    )


_DAY = 24 * 60
_TARGETS = {
    0: Target(first_answer_minutes=2 * _DAY, solution_minutes=10 * _DAY),
    1: Target(first_answer_minutes=_DAY, solution_minutes=5 * _DAY),
    2: Target(first_answer_minutes=4 * 60, solution_minutes=2 * _DAY),
    3: Target(first_answer_minutes=60, solution_minutes=_DAY),
}
_SIMPLE = (
    _stage("new", "New", "新建", "open", "working", "answered", "closed"),
    _stage("working", "In work", "处理中", "open", "waiting", "answered", "closed"),
    _stage("waiting", "Waiting for the customer", "等待客户", "waiting", "working", "answered"),
    _stage("answered", "Answered", "已答复", "solved", "working", "closed"),
    _stage("closed", "Closed", "已关闭", "closed", "working", needs_reason=True),
)
COMPLAINT = TicketType(
    code="complaint",
    name="Complaint",
    name_zh="投诉",
    stages=(
        _stage("accept", "To be accepted", "待受理", "open", "classify", "closed",
               deadline_minutes=120),
        _stage("classify", "Classify", "分类", "open", "investigate", "closed",
               deadline_minutes=240),
        _stage("investigate", "Investigate", "调查", "open", "waiting", "answer",
               needs=("cause",), deadline_minutes=3 * _DAY),
        _stage("waiting", "Waiting for the customer", "等待客户", "waiting", "investigate",
               "answer"),
        _stage("answer", "Answer", "答复", "open", "confirm", "investigate",
               deadline_minutes=_DAY),
        _stage("confirm", "Customer confirms", "客户确认", "solved", "closed", "investigate",
               needs_reason=True),
        _stage("closed", "Closed", "已关闭", "closed", "investigate", needs_reason=True),
    ),
    fields=(
        OwnField.model_validate(
            {
                "code": "cause",
                "name": "Cause",
                "name_zh": "投诉原因",
                "kind": "choice",
                "choices": [
                    {"code": "product", "name": "Product", "name_zh": "产品质量"},
                    {"code": "service", "name": "Service", "name_zh": "服务态度"},
                    {"code": "delivery", "name": "Delivery", "name_zh": "配送物流"},
                    {"code": "billing", "name": "Billing", "name_zh": "费用账单"},
                    {"code": "other", "name": "Other", "name_zh": "其他"},
                ],
            }
        ),
        OwnField(code="wish", name="What the customer wants", name_zh="客户诉求"),
    ),
    targets=_TARGETS,
)  # fmt: skip
ORDER = TicketType(
    code="order",
    name="Order",
    name_zh="订单",
    stages=(
        _stage("new", "New", "新建", "open", "confirmed", "cancelled"),
        _stage("confirmed", "Confirmed", "已确认", "open", "delivery", "cancelled"),
        _stage("delivery", "On its way", "配送中", "waiting", "delivered", "confirmed"),
        _stage("delivered", "Delivered", "已送达", "solved", "closed", "confirmed"),
        _stage("cancelled", "Cancelled", "已取消", "closed", "new", needs_reason=True),
        _stage("closed", "Closed", "已完成", "closed"),
    ),
    fields=(
        OwnField(code="items", name="Items", name_zh="商品", required=True),
        OwnField(code="amount", name="Amount", name_zh="金额", kind="number"),
        OwnField(code="address", name="Delivery address", name_zh="收货地址"),
    ),
    targets=_TARGETS,
)
QUESTION = TicketType(
    code="question", name="Question", name_zh="咨询", stages=_SIMPLE, targets=_TARGETS
)
SUGGESTION = TicketType(
    code="suggestion", name="Suggestion", name_zh="建议", stages=_SIMPLE, targets=_TARGETS
)
DEFAULTS = (COMPLAINT, QUESTION, SUGGESTION, ORDER)
