"""All tables of the product; importing this fills `Base.metadata`."""

from callcenter.store.tables.asterisk import ps_aors, ps_auths, ps_contacts, ps_endpoints
from callcenter.store.tables.base import Base
from callcenter.store.tables.callbacks import CallbackPolicyRecord, CallbackRecord
from callcenter.store.tables.customers import (
    Customer,
    CustomerEmail,
    CustomerImport,
    CustomerMerge,
    CustomerNote,
    CustomerNumber,
    Definition,
)
from callcenter.store.tables.floor import AlertEvent, AlertRule, DeskMessage, Wall, WallToken
from callcenter.store.tables.interactions import (
    CallForm,
    Draft,
    Interaction,
    InteractionEvent,
    InteractionPart,
    LegQuality,
    PresenceEvent,
)
from callcenter.store.tables.keys import ApiKey
from callcenter.store.tables.knowledge import (
    Article,
    ArticleFeedback,
    ArticleSearch,
    ArticleVersion,
    ScriptRecord,
    ScriptRun,
    ScriptVersionRecord,
)
from callcenter.store.tables.mail import Letter, Mailbox
from callcenter.store.tables.menus import Journey, JourneyCount, SurveyAnswer, Voicemail
from callcenter.store.tables.operation import AuditEntry, AuditSeal, BrowserPhone, Leader
from callcenter.store.tables.outbound import ContactRecord, OutboundRulesRecord
from callcenter.store.tables.people import FirstRunToken, LoginSession, User
from callcenter.store.tables.recordings import (
    Recording,
    RecordingComment,
    RecordingPolicyRecord,
    RetentionRule,
    RetentionRun,
)
from callcenter.store.tables.routing import (
    AgentRecord,
    CalendarRecord,
    ConfigState,
    DispositionRecord,
    FlowDraft,
    FlowPublication,
    FlowVersion,
    GroupRecord,
    NumberList,
    NumberListEntry,
    PauseReasonRecord,
    QueueMember,
    QueueRecord,
    Route,
)
from callcenter.store.tables.shop import Balance, Booking, Order, Ware
from callcenter.store.tables.sound import Prompt, PromptVersion
from callcenter.store.tables.teams import TeamLeader, TeamQueue, TeamRecord
from callcenter.store.tables.texts import TextGateway, TextMessage
from callcenter.store.tables.tickets import SavedView, Task, Ticket, TicketEvent, TicketLink
from callcenter.store.tables.webhooks import Webhook, WebhookDelivery, WebhookEvent

__all__ = [
    "AgentRecord",
    "AlertEvent",
    "AlertRule",
    "ApiKey",
    "Article",
    "ArticleFeedback",
    "ArticleSearch",
    "ArticleVersion",
    "AuditEntry",
    "AuditSeal",
    "Balance",
    "Base",
    "Booking",
    "BrowserPhone",
    "CalendarRecord",
    "CallForm",
    "CallbackPolicyRecord",
    "CallbackRecord",
    "ConfigState",
    "ContactRecord",
    "Customer",
    "CustomerEmail",
    "CustomerImport",
    "CustomerMerge",
    "CustomerNote",
    "CustomerNumber",
    "Definition",
    "DeskMessage",
    "DispositionRecord",
    "Draft",
    "FirstRunToken",
    "FlowDraft",
    "FlowPublication",
    "FlowVersion",
    "GroupRecord",
    "Interaction",
    "InteractionEvent",
    "InteractionPart",
    "Journey",
    "JourneyCount",
    "Leader",
    "LegQuality",
    "Letter",
    "LoginSession",
    "Mailbox",
    "NumberList",
    "NumberListEntry",
    "Order",
    "OutboundRulesRecord",
    "PauseReasonRecord",
    "PresenceEvent",
    "Prompt",
    "PromptVersion",
    "QueueMember",
    "QueueRecord",
    "Recording",
    "RecordingComment",
    "RecordingPolicyRecord",
    "RetentionRule",
    "RetentionRun",
    "Route",
    "SavedView",
    "ScriptRecord",
    "ScriptRun",
    "ScriptVersionRecord",
    "SurveyAnswer",
    "Task",
    "TeamLeader",
    "TeamQueue",
    "TeamRecord",
    "TextGateway",
    "TextMessage",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "User",
    "Voicemail",
    "Wall",
    "WallToken",
    "Ware",
    "Webhook",
    "WebhookDelivery",
    "WebhookEvent",
    "ps_aors",
    "ps_auths",
    "ps_contacts",
    "ps_endpoints",
]
