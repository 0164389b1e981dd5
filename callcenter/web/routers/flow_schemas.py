"""The shapes of the flows' HTTP interface. A flow itself is the JSON of the flow format."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from callcenter.web.body import Body
from callcenter.web.errors import ErrorBody
from callcenter.web.moments import Moment

FlowName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
FlowValues = dict[str, Any]
Revision = Annotated[int, Field(ge=0, le=10**9)]


class Said(Body):
    en: str
    zh: str


class Mistake(Body):
    """`node`, `port`, `field`: where (empty: the flow as a whole). `part`: the node inside a
    sub-flow. `code` is fixed for programs, `message` and `cure` are for people, in English and (as
    far as there are words for it) in Chinese."""

    node: str
    port: str
    field: str
    part: str = ""
    code: str
    message: str
    cure: str
    message_zh: str
    cure_zh: str
    line: int | None = None


class UsedBy(Body):
    """What leads to a flow: a route, another flow (its draft or its published version), a queue."""

    what: Literal["route", "flow", "queue"]
    id: str
    title: str


class FlowListed(Body):
    """`mistakes`: how many the draft has. `changed`: the draft is not what is published."""

    name: str
    title: str
    draft_revision: int
    draft_at: datetime
    draft_by: str
    published_version: int | None
    published_at: datetime | None
    published_by: str
    newest_version: int
    changed: bool
    mistakes: int


class FlowList(Body):
    items: list[FlowListed]


class FlowRead(Body):
    """`draft` is null when it cannot be read at all."""

    name: str
    title: str
    draft: FlowValues | None
    draft_revision: int
    draft_at: datetime
    draft_by: str
    published_version: int | None
    published_at: datetime | None
    published_by: str
    newest_version: int
    changed: bool
    mistakes: list[Mistake]
    used_by: list[UsedBy]


class FlowNew(Body):
    """`template`: one of the templates; `copy_of`: another flow's draft. Neither: a small flow that
    already works."""

    name: FlowName
    title: Title
    template: Annotated[str, StringConstraints(max_length=32)] = ""
    copy_of: Annotated[str, StringConstraints(max_length=32)] = ""
    time_zone: Annotated[str, StringConstraints(max_length=64)] = "Asia/Shanghai"


class DraftBody(Body):
    flow: FlowValues
    base_revision: Revision


class DraftSaved(Body):
    name: str
    draft_revision: int
    draft_at: datetime
    draft_by: str


class Change(Body):
    """`where` is a path such as nodes/main/choices/2; `node` is the node in it."""

    what: Literal["added", "removed", "changed"]
    where: str
    node: str
    before: Any = None
    after: Any = None


class DraftConflict(ErrorBody):
    """Somebody else saved the flow meanwhile; nothing was overwritten. `draft` is theirs.
    `changes`: from theirs to what was sent; `their_changes`: what they did to the revision that was
    edited (null: it is too old to be kept)."""

    draft: FlowValues | None
    draft_revision: int
    draft_at: datetime
    draft_by: str
    changes: list[Change]
    their_changes: list[Change] | None


class FlowBody(Body):
    flow: FlowValues


class Checked(Body):
    ok: bool
    mistakes: list[Mistake]


class PublishBody(Body):
    revision: Revision
    note: Note = ""


class Published(Body):
    name: str
    version: int


class TestStep(Body):
    """One question of the flow and what was answered."""

    node: str
    ask: str
    answer: str
    variables: dict[str, Any]


class TestResult(Body):
    """`problems` empty: it came out as expected."""

    name: str
    passed: bool
    problems: list[str]
    problems_zh: list[str]
    visits: list[tuple[str, str]]
    steps: list[TestStep]


class TestResults(Body):
    """`missed`: ways out (node, port) that no test case went. Nothing is run while there are
    mistakes."""

    passed: bool
    mistakes: list[Mistake]
    tests: list[TestResult]
    ports: int
    covered: int
    percent: float
    missed: list[tuple[str, str]]


class NoFlow(ErrorBody):
    """What was sent cannot be read as a flow, with each mistake in both languages."""

    mistakes: list[Mistake]


class PublishRefused(ErrorBody):
    """Why it is not published; the version that is stays as it is."""

    mistakes: list[Mistake]
    tests: list[TestResult]


class VersionRead(Body):
    """`since`: when it was last put to use, `kind` how (publish, rollback), `used_by` by whom and
    `used_note` why. `parts`: the versions of the sub-flows in it."""

    version: int
    published: bool
    note: str
    created: datetime
    by: str
    since: datetime | None
    kind: str
    parts: dict[str, int]
    used_by: str = ""
    used_note: str = ""


class Versions(Body):
    items: list[VersionRead]


class VersionFlow(Body):
    name: str
    version: int
    flow: FlowValues


class Diff(Body):
    items: list[Change]


class Rollback(Body):
    version: Annotated[int, Field(ge=1, le=10**9)]
    note: Note = ""


class Exported(Body):
    """`text` is YAML."""

    name: str
    filename: str
    text: str


class ImportBody(Body):
    """`text` is YAML or JSON; its id is the flow's name unless `name` says another.
    `base_revision`: the draft it replaces (without it a flow that is there already is refused)."""

    text: Annotated[str, Field(min_length=1, max_length=800_000)]
    name: FlowName | None = None
    base_revision: Revision | None = None


class Imported(Body):
    name: str
    draft_revision: int
    created: bool
    mistakes: list[Mistake]


# -- the simulator ------------------------------------------------------------------------------
class TryStep(Body):
    """press (value: keys), silence, wait (seconds), found (values), error (why), overflow, served,
    recorded (seconds), transfer (answered, busy, no-answer, failed), hangup."""

    kind: Literal[
        "press",
        "silence",
        "wait",
        "found",
        "error",
        "overflow",
        "served",
        "recorded",
        "transfer",
        "hangup",
    ]
    value: Any = None


class TryBody(Body):
    """`clock` with its offset; without it the present. `data`: source -> what is found there."""

    flow: FlowValues
    caller: Annotated[str, StringConstraints(max_length=40)] = ""
    called: Annotated[str, StringConstraints(max_length=40)] = ""
    clock: Moment | None = None
    variables: Annotated[dict[str, Any], Field(max_length=50, default_factory=dict)]
    data: Annotated[dict[str, Any], Field(max_length=50, default_factory=dict)]
    emergency: bool = False
    steps: Annotated[list[TryStep], Field(max_length=300, default_factory=list)]


class HeardRead(Body):
    """`kind`: prompt, text, number, digits, date, time, money. `text`: the words, where known."""

    kind: str
    value: str
    text: str


class TryTurn(Body):
    """`ask`: play, collect, lookup, record, transfer, queue, voicemail, hangup; `detail` says more
    (digits and times, source and arguments, queue and skills, ...). `passed`: the ways (node, port)
    gone since the turn before. `port`: by which way the node was left (empty: it was not)."""

    node: str
    kind: str
    ask: str
    detail: dict[str, Any]
    said: list[HeardRead]
    answer: TryStep | None
    port: str
    passed: list[tuple[str, str]]
    variables: dict[str, Any]
    language: str
    at: datetime
    local_time: str


class TryEnd(Body):
    """`how`: queue, voicemail, hangup, abandoned (the caller hung up)."""

    how: Literal["queue", "voicemail", "hangup", "abandoned"]
    target: str
    detail: dict[str, Any]


class Tried(Body):
    """`waits_for`: press, lookup, record, transfer, queue (an overflow may still come) or nothing.
    `unfit`: the number of the step that did not fit what was asked. With `mistakes` of form or in
    sub-flows the flow is not played."""

    turns: list[TryTurn]
    waits_for: Literal["press", "lookup", "record", "transfer", "queue", "nothing"]
    end: TryEnd | None
    unfit: int | None
    troubles: list[str]
    troubles_zh: list[str]
    path: list[str]
    variables: dict[str, Any]
    mistakes: list[Mistake]


class TrialBody(Body):
    """`caller`: the number the call shall seem to come from."""

    flow: FlowValues
    caller: Annotated[str, StringConstraints(max_length=40)] = ""


class TrialRead(Body):
    """Dial sip:<extension>@<domain> once before `expires` (UNIX seconds), as sip:<device>@<domain>,
    over the websocket /sip; there is nothing to register."""

    extension: str
    device: str
    domain: str
    password: str
    expires: float


# -- the catalogue ------------------------------------------------------------------------------
class SettingRead(Body):
    """`type`: text, number, whole, boolean, choice, key, speech, words, expression, variable,
    names, table. `names`: what is picked (queue, skill, calendar, source, secret, box, flow,
    number). `row`: the type of a table's values. `schema`: JSON Schema 2020-12."""

    name: str
    type: str
    title: Said
    about: Said
    required: bool
    default: Any
    names: str
    row: str
    options: list[str]
    value_schema: dict[str, Any]
    extra: list[str]


class PortRead(Body):
    name: str
    title: Said
    about: Said
    optional: bool
    acts: bool


class PortRuleRead(Body):
    """Ways out that follow from a setting: one for each key of the table `setting` (`port` empty),
    or the one named `port` when `setting` is not empty."""

    setting: str
    port: str


class NodeKindRead(Body):
    name: str
    group: str
    title: Said
    about: Said
    settings: list[SettingRead]
    ports: list[PortRead]
    more_ports: list[PortRuleRead]


class GroupRead(Body):
    name: str
    title: Said


class VariableRead(Body):
    name: str
    default: Any
    about: Said


class Catalogue(Body):
    """`templates`: names for `template` of a new flow."""

    groups: list[GroupRead]
    kinds: list[NodeKindRead]
    variables: list[VariableRead]
    templates: list[str]


class Named(Body):
    id: str
    title: str


class Names(Body):
    """What a setting may name. null: not known here, any text is taken. `prompts`: recorded ones by
    language."""

    queues: list[Named]
    skills: list[str]
    flows: list[Named]
    calendars: list[Named]
    boxes: list[str] | None
    sources: list[str] | None
    secrets: list[str] | None
    hosts: list[str] | None
    prompts: dict[str, list[str]]


# -- counters -----------------------------------------------------------------------------------
class NodeCounters(Body):
    """`entered` counts visits, `callers` calls; `left_by` port -> visits; `dropped`: callers who
    hung up here."""

    entered: int
    callers: int
    dropped: int
    left_by: dict[str, int]


class DayCounters(Body):
    """`day` at the centre's place; `containment`: share served without an agent, 0 to 1."""

    day: str
    calls: int
    served: int
    containment: float | None


class Counters(Body):
    """`ends`: queue, voicemail, transfer, served, abandoned, mistake -> calls. Only calls of
    `version` (null: of all versions)."""

    name: str
    version: int | None
    since: datetime
    until: datetime
    calls: int
    ends: dict[str, int]
    nodes: dict[str, NodeCounters]
    milestones: dict[str, int]
    containment: float | None
    days: list[DayCounters]
