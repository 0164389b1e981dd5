"""A2 and A7, on a real Asterisk: texts that would be code, and telephones that speak nonsense.

A second manager session, whom the service does not know of, counts what really happens there.
"""

from __future__ import annotations

import asyncio
import random
import re
import socket
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from callcenter.asterisk import actions
from callcenter.asterisk.actions import Headers
from callcenter.asterisk.errors import AmiRejected
from callcenter.asterisk.link import Link, LinkAddress
from callcenter.asterisk.parse import Frame
from callcenter.core.inputs import CallArrived, CallEnded
from tests.abuse.figures import SEED, Abuse
from tests.asterisk.lab import CALLER_ADDRESS, CONTROL_SECRET, EVENTS_SECRET, Lab, running, until

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

CODE = [
    "\r\nAction: Setvar\r\nVariable: EVIL\r\nValue: 1\r\n\r\n",
    "\n\nAction: Originate\n",
    "\x00",
    ",",
    "${EVIL}",
    "${SHELL(touch /tmp/evil)}",
    "$[1+1]",
    '"',
    "\\",
    "&",
    "/",
    "\ud800",
    "|",
    ";",
    "\r",
    "PJSIP/trunk",
    "Local/s@evil",
    "EVIL=1",
    "ARRAY(EVIL,E2)",
    "%0d%0aAction:%20Setvar",
    "\u2028",
    ")",
    "(",
    "`id`",
    "$(id)",
    "^",
    "@",
    "=",
    "EVIL",
    "__EVIL",
    "hangup",
    "${GLOBAL(EVIL)}",
    "\x7f",
]
TEXTS = st.lists(
    st.sampled_from(CODE)
    | st.text(max_size=20)
    | st.text(min_size=1, max_size=1).map(lambda c: c * 4096),
    min_size=1,
    max_size=6,
).map("".join)
OFF = "PJSIP/nobody-00000001"
FIELDS: dict[str, Callable[[str], Headers]] = {
    "variable's value": lambda text: actions.set_variable(None, "ABUSE", text),
    "fact": lambda text: actions.tags(OFF, {"queue": text, "path": text})[0],
    "fact's name": lambda text: actions.tags(OFF, {text: "x"})[0],
    "device": lambda text: actions.connect(OFF, 1, 1, text, 10, False),
    "other devices": lambda text: actions.also_ring(OFF, 1, [text, "ada"]),
    "number": lambda text: actions.dial_out(OFF, 1, "a", False, text, 10),
    "token": lambda text: actions.dial_out(OFF, 1, text, False, "+8613911110003", 10),
    "dialled": lambda text: actions.originate(
        "out-1.1", "trunk", text, 1, shown="", did="", facts={}, detect_machine=False
    ),
    "shown": lambda text: actions.originate(
        "out-1.1",
        "t",
        "+8613911110003",
        1,
        shown=text or "x",
        did="",
        facts={},
        detect_machine=False,
    ),
    "did": lambda text: actions.originate(
        "out-1.1", "t", "+8613911110003", 1, shown="x", did=text, facts={}, detect_machine=False
    ),
    "channel": lambda text: actions.hang_up(text, 16),
    "recording": lambda text: actions.name_recording(OFF, 1, text),
    "digit": lambda text: actions.digit(OFF, text),
    "member": lambda text: actions.fallback_member(text, True),
    "words of a prompt": lambda text: actions.agi(
        OFF, f"STREAM FILE {actions.agi_argument(text)} {actions.agi_argument('')}", "c1"
    ),
}


async def test_a2_texts_in_every_field(lab: Lab, abuse: Abuse) -> None:
    count = abuse.count(240, 10_000)
    texts: list[str] = []

    @seed(SEED)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(TEXTS)
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    seen: Counter[str] = Counter()
    stray: Counter[str] = Counter()

    def watch(frame: Frame) -> None:
        seen[frame.get("Event")] += 1

    def answered(frame: Frame) -> None:
        stray[frame.get("Response") or frame.get("Event")] += 1

    port = lab.settings.ami_port
    watcher = Link(
        LinkAddress("127.0.0.1", port, "acd-events", EVENTS_SECRET, events=True), on_event=watch
    )
    control = Link(
        LinkAddress("127.0.0.1", port, "acd-ctl", CONTROL_SECRET, events=False), on_event=answered
    )
    tasks = [asyncio.create_task(link.run()) for link in (watcher, control)]
    before = lab.ask("dialplan show globals")
    try:
        await until(lambda: watcher.up and control.up, 15)
        stray.clear()
        sent = refused = answers = 0
        for number, text in enumerate(texts):
            field = list(FIELDS)[number % len(FIELDS)]
            try:
                headers = FIELDS[field](text)
                asked = control.send(headers)
            except ValueError:
                refused += 1
                continue
            sent += 1
            try:
                await asked
            except AmiRejected:
                pass
            answers += 1
        await control.call({"Action": "Ping"})
        losses = control.counters.losses + watcher.counters.losses
        channels = lab.ask("core show channels count")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    after = lab.ask("dialplan show globals")
    new = (
        {line.partition("=")[0].strip() for line in after.splitlines()}
        - {line.partition("=")[0].strip() for line in before.splitlines()}
        - {"ABUSE"}
    )
    variables = [name for name in new if re.fullmatch(r"[A-Za-z_0-9]+", name)]
    opened = seen["Newchannel"]
    abuse.reached(
        "A2",
        f"{len(texts)} hypothesis strings in {len(FIELDS)} fields that reach AMI and AGI "
        f"({refused} refused before, {sent} sent as one action)",
        "0 extra actions, variables and channels seen by a second session",
        f"{sum(stray.values())} extra answers, {len(variables)} variables, {opened} channels, "
        f"{losses} lost links",
        not stray
        and not variables
        and not opened
        and answers == sent
        and not losses
        and "0 active channels" in channels,
        f"{dict(stray)} {variables}" if stray or variables else "",
    )


# -- A7 -----------------------------------------------------------------------------------------
NAMES = [
    "x",
    "hangup",
    '\\"',
    "張偉",
    "\xff\xfe",
    "%0d%0aEvent:%20Hangup",
    "Event: Hangup",
    "${EXTEN}",
    "x" * 900,
    "\\r\\nEvent: CallEnded",
    "<script>",
    "a,b|c;d",
    "$(id)",
    "\x01\x02",
    "&PJSIP/trunk",
    "",
]
INVITE = """INVITE sip:{did}@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP {address}:{port};branch=z9hG4bK{n};rport
From: "{name}" <sip:{number}@{address}>;tag={n}
To: <sip:{did}@127.0.0.1>
Call-ID: {n}@{address}
CSeq: 1 INVITE
Max-Forwards: 70
Contact: <sip:{number}@{address}:{port}>
{more}Content-Type: application/sdp
Content-Length: {length}

{sdp}"""
SDP = (
    "v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\n"
    "m=audio 9000 RTP/AVP 0\r\n"
)
MORE = [
    "",
    "X: " + "y" * 8000 + "\r\n",
    "Subject: \xff\xfe\xfd\r\n",
    "Diversion: <sip:+1900@x>\r\n",
    'P-Asserted-Identity: "hangup" <sip:+1900555@x>\r\n',
    "Require: nothing\r\n",
    "Route: <sip:%00>\r\n",
    "Replaces: 1;to-tag=2;from-tag=3\r\n",
    "Refer-To: <sip:+1900555@trunk>\r\n",
    "Supported:\r\n" * 60,
    "X-ACD-Call: 1.1\r\n",
    "Alert-Info: <http://169.254.169.254/>\r\n",
    "Via: SIP/2.0/UDP [::1\r\n",
]


def torture(dice: random.Random, n: int, port: int) -> bytes:
    """An INVITE with one thing or several wrong, in the ways of RFC 4475 and in worse ones."""
    odd_dids = ["4000%00", "400%30", "", "s", "hangup", "${X}", "4000;x=y", "*" * 300]
    did = dice.choice(["4000"] * len(odd_dids) + odd_dids)
    odd_numbers = ["hangup", "%0d%0a", "a" * 900, "+86;npdi", "\xe7\x8e\x8b", "\\", ""]
    number = dice.choice(["13800138000"] * len(odd_numbers) + odd_numbers)
    sdp = dice.choice(
        [SDP.format(address=CALLER_ADDRESS)] * 6 + ["v=0", "", "\x00" * 50, "v=0\r\n" * 500]
    )
    text = (
        INVITE.format(
            did=did,
            number=number,
            name=dice.choice(NAMES),
            address=CALLER_ADDRESS,
            port=port,
            n=f"t{n}",
            more=dice.choice(MORE),
            sdp=sdp,
            length=dice.choice([len(sdp)] * 20 + [-1, 10**10, 0, "x"]),
        )
        .replace("\r\n", "\n")
        .replace("\n", "\r\n")
    )
    raw = bytearray(text.encode("latin-1", "replace"))
    match dice.randrange(8):
        case 0:
            for _ in range(dice.choice((1, 5, 40))):
                raw[dice.randrange(len(raw))] = dice.randrange(256)
        case 1:
            del raw[dice.randrange(len(raw)) :]
        case 2:
            raw = raw.replace(
                b"SIP/2.0", dice.choice([b"SIP/7.0", b"SIP/2.0 ", b"HTTP/1.1", b""]), 1
            )
        case 3:
            raw = raw.replace(
                b"CSeq: 1 INVITE", dice.choice([b"CSeq: 4294967296 INVITE", b"CSeq: 1 BYE"])
            )
        case 4:
            raw = raw.replace(
                b"Call-ID:", dice.choice([b"Call-ID :", b"i:", b"X:", b"Call-ID:\r\n "])
            )
        case 5:
            raw = raw.replace(
                b"Max-Forwards: 70", dice.choice([b"Max-Forwards: -1", b"Max-Forwards: 0"])
            )
        case _:
            pass
    return bytes(raw[:60_000])


def plain_invite(number: str, id: str, port: int) -> bytes:
    """With nothing wrong."""
    sdp = SDP.format(address=CALLER_ADDRESS)
    head = INVITE.format(
        did="4000",
        number=number,
        name="Good",
        address=CALLER_ADDRESS,
        port=port,
        n=id,
        more="",
        length=len(sdp),
        sdp="",
    )
    return head.replace("\n", "\r\n").encode() + sdp.encode()


GOOD_EACH = 25
PLAIN = re.compile(r"[^\x00-\x1f]*")


async def test_a7_malformed_sip(lab: Lab, abuse: Abuse) -> None:
    count, dice = abuse.count(150, 5_000), random.Random(SEED)
    started = lab.ask("core show uptime seconds")
    sockets = []
    for address in (CALLER_ADDRESS, "127.0.0.1"):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind((address, 0))
        one.setblocking(False)
        sockets.append(one)
    target = ("127.0.0.1", lab.settings.sip_port)
    between = 0
    async with running(lab) as (switch, told):
        for n in range(count):
            one = dice.choice(sockets)
            raw = torture(dice, n, one.getsockname()[1])
            await asyncio.get_running_loop().sock_sendto(one, raw, target)
            if n % GOOD_EACH == GOOD_EACH - 1:  # somebody calls meanwhile
                number = f"139{n:08}"
                raw = plain_invite(number, f"g{n}", sockets[0].getsockname()[1])
                await asyncio.get_running_loop().sock_sendto(sockets[0], raw, target)
                await told.wait(CallArrived, _from(number))
                between += 1
                await _quiet(lab)
        # And then somebody calls with a whole telephone.
        async with lab.caller():
            good = await told.wait(CallArrived, lambda fact: fact.number == "13800138000")
        await told.wait(CallEnded, lambda fact: fact.call == good.call)
        await until(lambda: not switch.book.calls, 30)
    for one in sockets:
        one.close()
    arrived, ended = told.of(CallArrived), told.of(CallEnded)
    calls = [fact.call for fact in arrived]
    forged = [
        fact
        for fact in arrived
        if not all(PLAIN.fullmatch(text) for text in (fact.number, fact.name, fact.did))
    ]
    twice = len(calls) - len(set(calls))
    unknown = {fact.call for fact in ended} - set(calls)
    uptime = lab.ask("core show uptime seconds")
    abuse.reached(
        "A7",
        f"{count} malformed INVITEs: RFC 4475's ways, 8 kB headers, bad UTF-8, long names",
        "Asterisk up, 0 forged events, the next call as ever",
        f"Asterisk {'up' if 'up' in uptime.lower() else 'DOWN'}, {len(calls)} calls came of it "
        f"and of {between} good ones between, "
        f"{len(forged)} with control characters, {twice} twice, {len(unknown)} ends of no call",
        "System uptime" in uptime
        and not forged
        and not twice
        and not unknown
        and len(ended) >= len(set(calls)),
        f"{forged[:2]} {started.strip()[:40]}" if forged else "",
    )


def _from(number: str) -> Callable[[CallArrived], bool]:
    return lambda fact: fact.number == number


async def _quiet(lab: Lab) -> None:
    """All that came of it is hung up."""

    async def calls() -> int:
        said = await asyncio.to_thread(lab.ask, "core show channels count")
        found = re.search(r"(\d+) active channels?", said)
        assert found is not None, f"Asterisk does not answer: {said!r}"
        return int(found[1])

    async with asyncio.timeout(60):
        while await calls():
            await asyncio.to_thread(lab.ask, "channel request hangup all")
            await asyncio.sleep(0.1)
