"""Builds what we send to Asterisk, and refuses what must not be sent.

Every value is checked here, last of all, whoever built it: a line break in a header would be a
second action. Ids are matched against narrow patterns where they are put together. Contexts,
extensions and labels are the ones of `asterisk-config/extensions.conf`.

Source of the limits: main/manager.c of Asterisk 22 (a line has 1024 bytes, an action 128 headers).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Headers = Mapping[str, str]

LINE_BYTES_MAX = 1023
HEADERS_MAX = 126
RINGING_MAX = 20  # phones of one offer

DEVICE = re.compile(r"^[a-z0-9]{1,32}$")
FACT_NAME = re.compile(r"^[a-z_]{1,16}$")
FACT_VALUE = re.compile(r"^[A-Za-z0-9_.:;/+@-]{0,200}$")
MUSIC_CLASS = re.compile(r"^[A-Za-z0-9_-]{1,32}$")
TOKEN = re.compile(r"^[a-z0-9]{1,16}$")
E164 = re.compile(r"^\+[1-9][0-9]{5,14}$")
BOX = re.compile(r"^[a-z0-9]{1,32}$")
TAPE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,103}$")
KEYS = re.compile(r"^[0-9A-D*#]{0,4}$")
SOUND = re.compile(r"^[A-Za-z0-9_./ -]{1,240}$")

_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_()-]{0,63}$")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def check(headers: Headers) -> None:
    """Raises ValueError if an action with these headers could be read as anything else."""
    if len(headers) > HEADERS_MAX:
        raise ValueError(f"too many headers: {len(headers)}, at most {HEADERS_MAX}")
    for name, value in headers.items():
        if not _NAME.match(name):
            raise ValueError(f"not a header name: {name!r}")
        if _FORBIDDEN.search(value):
            raise ValueError(f"{name}: a control character must not be sent")
        if len(name) + 2 + len(value.encode()) > LINE_BYTES_MAX:
            raise ValueError(f"{name}: longer than {LINE_BYTES_MAX} bytes")


def must_match(pattern: re.Pattern[str], what: str, value: str) -> str:
    """`value` if `pattern` allows it. Raises ValueError."""
    if not pattern.match(value) or value.endswith("\n"):
        raise ValueError(f"{what}: {value!r} does not match {pattern.pattern}")
    return value


def channel_name(value: str) -> str:
    """A full name; Asterisk takes one that begins with a slash for a pattern of many."""
    if not value or value.startswith("/"):
        raise ValueError(f"not a channel: {value!r}")
    return value


def set_variable(channel: str | None, name: str, value: str) -> Headers:
    """On a channel, or global if None."""
    headers = {"Action": "Setvar", "Variable": name, "Value": value}
    return headers if channel is None else headers | {"Channel": channel_name(channel)}


def get_global(name: str) -> Headers:
    return {"Action": "Getvar", "Variable": f"GLOBAL({name})"}


def tags(channel: str, facts: Mapping[str, str]) -> list[Headers]:
    """All facts as ACD_<NAME>, several an action. Raises ValueError."""
    done: list[Headers] = []
    names: list[str] = []
    values: list[str] = []
    for name, value in facts.items():
        must_match(FACT_NAME, "fact name", name)
        must_match(FACT_VALUE, f"fact {name}", value)
        if names and sum(map(len, values)) + len(values) + len(value) > 900:
            done.append(_tag(channel, names, values))
            names, values = [], []
        names.append(f"ACD_{name.upper()}")
        values.append(value)
        if len(names) == 20:
            done.append(_tag(channel, names, values))
            names, values = [], []
    return [*done, _tag(channel, names, values)] if names else done


def _tag(channel: str, names: list[str], values: list[str]) -> Headers:
    if len(names) == 1:
        return set_variable(channel, names[0], values[0])
    return set_variable(channel, f"ARRAY({','.join(names)})", ",".join(values))


def connect(
    channel: str, epoch: int, attempt: int, device: str, ring_seconds: float, auto_answer: bool
) -> Headers:
    must_match(DEVICE, "device", device)
    seconds = ring_time(ring_seconds)
    exten = f"e{epoch:d}-{attempt:d}-{device}-{seconds}-{int(auto_answer)}"
    return redirect(channel, "connect", exten)


def originate(
    call: str,
    endpoint: str,
    number: str,
    ring_seconds: float,
    *,
    shown: str,
    did: str,
    facts: Mapping[str, str],
    detect_machine: bool,
    device: str = "",
    seconds_max: float = 0.0,
) -> Headers:
    """Dial an E.164 number over a trunk (or ring a device); who answers goes to [outbound] at the
    extension `call`, which is also the channel's id. Asterisk splits `Variable` at commas, so no
    value has one."""
    variables = {"CALL": call, "OUT": "o", "DID": did}
    if device:
        target = f"PJSIP/{must_match(DEVICE, 'device', device)}"
    else:
        variables["NUM"] = must_match(E164, "number", number)
        target = f"PJSIP/{number}@{endpoint}"
    if seconds_max:
        variables["MAX"] = str(round(seconds_max * 1000))
    variables |= {name.upper(): value for name, value in facts.items()}
    if detect_machine:
        variables["AMD"] = "1"
    for name, value in variables.items():
        must_match(FACT_NAME, "fact name", name.lower())
        must_match(FACT_VALUE, f"fact {name}", value)
    headers = {
        "Action": "Originate",
        "Channel": target,
        "ChannelId": call,
        "Context": "outbound",
        "Exten": call,
        "Priority": "start",
        "Timeout": str(round(ring_seconds * 1000)),
        "Variable": ",".join(
            [
                *(f"ACD_{name}={value}" for name, value in variables.items()),
                *(_phone_headers(call, "0") if device else ()),
            ]
        ),
        "Async": "true",
    }
    return headers | ({"CallerID": must_match(E164, "shown", shown)} if shown else {})


def summon(
    call: str, id: str, device: str, ring_seconds: float, facts: Mapping[str, str]
) -> Headers:
    """Ring an agent's own phone; when he is there he waits in [summoned]. `id`: of his channel."""
    for name, value in facts.items():
        must_match(FACT_NAME, "fact name", name)
        must_match(FACT_VALUE, f"fact {name}", value)
    values = [f"ACD_{name.upper()}={value}" for name, value in facts.items()]
    return {
        "Action": "Originate",
        "Channel": f"PJSIP/{must_match(DEVICE, 'device', device)}",
        "ChannelId": id,
        "Context": "summoned",
        "Exten": id,
        "Priority": "start",
        "Timeout": str(ring_time(ring_seconds) * 1000),
        "Variable": ",".join([f"ACD_FOR={call}", *values, *_phone_headers(call, "resume")]),
        "Async": "true",
    }


def _phone_headers(call: str, auto_answer: str) -> list[str]:
    """What [agentleg] adds to an INVITE of Dial. A comma inside of brackets splits nothing."""
    added = {"X-CC-Call-Id": call, "X-CC-Auto-Answer": auto_answer}
    if auto_answer != "0":
        added["Call-Info"] = "<sip:acd>;answer-after=0"
        added["Alert-Info"] = "<http://acd>;info=alert-autoanswer;delay=0"
    return [f"PJSIP_HEADER(add,{name})={value}" for name, value in added.items()]


def ring_time(seconds: float) -> int:
    """Whole seconds, as Dial takes them."""
    return min(max(round(seconds), 1), 600)


def also_ring(channel: str, attempt: int, devices: Sequence[str]) -> Headers:
    """Which devices the offer with this number rings beside its own; sent before `connect`."""
    if len(devices) >= RINGING_MAX:
        raise ValueError(f"too many phones at once: {len(devices) + 1}, at most {RINGING_MAX}")
    names = "+".join(must_match(DEVICE, "device", device) for device in devices)
    return set_variable(channel, "ACD_MORE", f"{attempt:d}:{names}")


def dial_out(
    channel: str, epoch: int, token: str, device: bool, number: str, ring_seconds: float
) -> Headers:
    """To an extension's device, or to an outside number by the trunk."""
    must_match(TOKEN, "token", token)
    must_match(DEVICE if device else re.compile(r"^\+[0-9]{5,15}$"), "number", number)
    seconds = min(max(round(ring_seconds), 1), 600)
    kind = "d" if device else "x"
    return redirect(channel, "transfer", f"t{epoch:d}-{token}-{kind}-{number}-{seconds}")


def redirect(channel: str, context: str, exten: str) -> Headers:
    """To the label `start`: a number would hang the caller up where the extension is unknown."""
    return {
        "Action": "Redirect",
        "Channel": channel_name(channel),
        "Context": context,
        "Exten": exten,
        "Priority": "start",
    }


def redirect_both(
    channel: str, context: str, exten: str, other: str, other_context: str, other_exten: str
) -> Headers:
    """Two who are in one bridge, in one action: neither end takes the other with it."""
    return {
        **redirect(channel, context, exten),
        "ExtraChannel": channel_name(other),
        "ExtraContext": other_context,
        "ExtraExten": other_exten,
        "ExtraPriority": "start",
    }


def hold(channel: str, leg: str) -> Headers:
    return redirect_both(channel, "hold", "s", leg, "agentleg", "held")


def hang_up(channel: str, cause: int) -> Headers:
    return {
        "Action": "Hangup",
        "Channel": channel_name(channel),
        "Cause": str(cause if 1 <= cause <= 127 else 16),
    }


def name_recording(channel: str, attempt: int, id: str) -> Headers:
    """What the talk of this offer is recorded into; sent before it."""
    name = must_match(TAPE, "recording", id)
    return set_variable(channel, "ACD_TAPE", f"{attempt:d}:{name}")


def mute_recording(channel: str, muted: bool) -> Headers:
    return {
        "Action": "MixMonitorMute",
        "Channel": channel_name(channel),
        "Direction": "both",
        "State": str(int(muted)),
    }


def stop_recording(channel: str) -> Headers:
    return {"Action": "StopMixMonitor", "Channel": channel_name(channel)}


def agi(channel: str, command: str, command_id: str) -> Headers:
    return {
        "Action": "AGI",
        "Channel": channel_name(channel),
        "Command": command,
        "CommandID": command_id,
    }


def digit(channel: str, key: str) -> Headers:
    """As if the caller had pressed it now."""
    return {
        "Action": "PlayDTMF",
        "Channel": channel_name(channel),
        "Digit": must_match(re.compile(r"^[0-9A-D*#]$"), "digit", key),
        "Duration": "80",
        "Receive": "true",
    }


def agi_argument(value: str) -> str:
    """One argument of an AGI command, quoted: blanks, quotes and backslashes stay its own."""
    if _FORBIDDEN.search(value):
        raise ValueError("a control character must not stand in an AGI command")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def fallback_member(device: str, member: bool) -> Headers:
    """In or out of the queue that Asterisk serves alone."""
    interface = f"PJSIP/{must_match(DEVICE, 'device', device)}"
    headers = {"Queue": "acd-fallback", "Interface": interface}
    if not member:
        return {"Action": "QueueRemove", **headers}
    return {"Action": "QueueAdd", **headers, "StateInterface": interface, "Paused": "false"}
