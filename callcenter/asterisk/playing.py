"""Plays prompts to waiting callers and takes their digits: PlayPrompt in, PromptEnded out.

One prompt with its digits is one AGI command, so that a digit pressed while it speaks stops it at
once. Between two commands Asterisk reads digits and throws them away; they are taken from its
events instead and, when the next command listens, pressed again for the caller. A prompt that is
missing ends as "missing" or goes on in silence; the AGI session must live.

Source: res/res_agi.c (launch_asyncagi, handle_getdata), main/app.c (ast_app_getdata).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import secrets
from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path
from typing import Literal, Protocol

from callcenter.asterisk import actions
from callcenter.asterisk.actions import Headers
from callcenter.asterisk.book import Book, Call, Playing
from callcenter.asterisk.errors import AmiDown
from callcenter.asterisk.parse import AgiResult, Frame, read_agi_result
from callcenter.core.effects import PlayPrompt, RecordCaller
from callcenter.core.inputs import PromptEnded
from callcenter.logs import current_call
from callcenter.runtime.ports import Emit
from callcenter.runtime.recorded import file_of
from callcenter.runtime.vault import Vault
from ivr.asks import Collect, PromptItem

log = logging.getLogger(__name__)

COMMAND_BYTES_MAX = 900
"""Of one AGI command: a line of the manager interface has 1024 bytes."""
FILES_SECONDS_MAX = 5.0
SHORTEST_WAIT_SECONDS = 0.1
_TYPED = "READ_DIGITS"
RECORD_OPTIONS = "ak"
"""Go on with what is there, and keep it when the caller hangs up (app_record); # ends it."""

Outcome = Literal["done", "timeout"]
Send = Callable[[Headers], None]
"""Sends an action; what becomes of it is somebody else's care. Raises AmiDown."""


class Prompts(Protocol):
    async def files(self, items: Sequence[PromptItem], language: str) -> Sequence[str]:
        """Sound files that say `items`, without extension, each of which Asterisk can find."""
        ...


class Player:
    """One for all calls of a node. `send` sends an action for a call at once."""

    def __init__(
        self,
        book: Book,
        prompts: Prompts,
        recordings: Path,
        vault: Vault,
        emit: Emit,
        send: Callable[..., None],
    ) -> None:
        self._book, self._prompts, self._emit, self._send = book, prompts, emit, send
        self._recordings, self._vault = recordings, vault
        self._ids = itertools.count(1)
        self._run = secrets.token_hex(4)

    async def play(self, call: Call, effect: PlayPrompt) -> None:
        """Finds the files and sends the command; the end comes as an event. A newer prompt or an
        offer meanwhile makes this one void."""
        current_call.set(call.id)  # of this task: also for the lines of who finds the files
        call.prompt_serial += 1
        serial = call.prompt_serial
        if effect.collect is not None and self._answered_already(call, effect):
            return
        files = await self._files(effect)
        if self._book.calls.get(call.id) is not call or call.prompt_serial != serial:
            return
        if not files and effect.collect is None:
            self._emit(PromptEnded(call.id, effect.token, "", "missing"))
            return
        self._send_all(call, effect, files)

    def record(self, call: Call, effect: RecordCaller) -> None:
        """Sends the command; the end comes as an event, before that of the call if the caller hangs
        up. Raises ValueError for a name that is not ours."""
        call.prompt_serial += 1
        file = file_of(self._recordings, effect.id)
        path = actions.must_match(actions.SOUND, "file", str(file))
        options = RECORD_OPTIONS if effect.beep else f"{RECORD_OPTIONS}q"
        silence, longest = ceil(effect.silence_seconds), ceil(effect.seconds_max)
        answer_id = self._next_id()
        call.collecting = False
        call.playing = Playing(
            effect.token, answer_id, None, file=file, seconds_min=effect.seconds_min
        )
        command = f"EXEC Record {actions.agi_argument(f'{path},{silence},{longest},{options}')}"
        self._send(call, actions.agi(call.channel, command, answer_id), effect)
        if call.music:
            self._agi(call, f"SET MUSIC ON {call.music}")

    def _answered_already(self, call: Call, effect: PlayPrompt) -> bool:
        """By digits typed ahead; what is more than an answer is kept for the next."""
        assert effect.collect is not None
        now = asyncio.get_running_loop().time()
        typed = call.take_typed(now)
        answer, rest = split_digits(typed, effect.collect)
        call.typed.extend((now, key) for key in (typed if answer is None else rest))
        if answer is None:
            return False
        call.playing = None
        self._emit(self._with_digits(call.id, effect.token, effect.collect, answer, "done"))
        return True

    def _with_digits(
        self, call: str, token: str, collect: Collect, digits: str, outcome: Outcome
    ) -> PromptEnded:
        """Secrets go no further than this."""
        if not collect.secret:
            return PromptEnded(call, token, digits, outcome)
        return PromptEnded(call, token, "", outcome, self._vault.seal(call, digits))

    async def _files(self, effect: PlayPrompt) -> list[str]:
        try:
            async with asyncio.timeout(FILES_SECONDS_MAX):
                found = await self._prompts.files(effect.items, effect.language)
        except Exception:
            # Whatever a prompt maker does, the caller must hear the next thing.
            log.exception("no prompt", extra={"call": effect.call})
            return []
        good = [file for file in found if actions.SOUND.match(file)]
        if len(good) < len(found):
            log.error("a sound file's name cannot be sent", extra={"call": effect.call})
        return good

    def _send_all(self, call: Call, effect: PlayPrompt, files: list[str]) -> None:
        groups = _groups(files)
        last = groups.pop() if groups else ""
        for group in groups:
            self._agi(call, f"EXEC Playback {actions.agi_argument(group)}")
        collect = effect.collect
        answer_id = self._next_id()
        call.collecting = False
        if collect is not None and not effect.interruptible and last:
            # Heard to its end; the keys pressed meanwhile are pressed again when Read listens.
            self._agi(call, f"EXEC Playback {actions.agi_argument(last)}")
            last = ""
        if collect is None:
            call.playing = Playing(effect.token, answer_id, None)
            # A key ends Background; it counts as typed ahead for what comes next.
            speak = "Background" if effect.interruptible else "Playback"
            command = f"EXEC {speak} {actions.agi_argument(last)}"
        else:
            call.playing = Playing(effect.token, answer_id, collect, self._next_id())
            self._set_timeouts(call, collect)
            read, command = _collect_commands(last, collect)
            self._send(call, actions.agi(call.channel, read, call.playing.read_id), None)
        self._send(call, actions.agi(call.channel, command, answer_id), effect)
        if call.music:
            self._agi(call, f"SET MUSIC ON {call.music}")

    def _set_timeouts(self, call: Call, collect: Collect) -> None:
        waits = {"response": collect.timeout_seconds, "digit": collect.inter_digit_seconds}
        for name, seconds in waits.items():
            value = f"{max(seconds, SHORTEST_WAIT_SECONDS):.3f}"
            self._send(call, actions.set_variable(call.channel, f"TIMEOUT({name})", value), None)

    def music(self, call: Call, music_class: str) -> None:
        """On with this class, or off if empty; now and, by the dialplan, after each offer."""
        call.music = music_class
        self._send(call, actions.set_variable(call.channel, "ACD_MOH", music_class), None)
        if call.in_agi:
            self._agi(call, f"SET MUSIC ON {music_class}" if music_class else "SET MUSIC OFF")

    def _agi(self, call: Call, command: str) -> None:
        self._send(call, actions.agi(call.channel, command, self._next_id()), None)

    def _next_id(self) -> str:
        return f"{self._run}-{next(self._ids)}"

    # -- what Asterisk reports ----------------------------------------------------------------
    def heard(self, frame: Frame) -> bool:
        """Takes the events that concern prompts. False: not one of them."""
        name = frame.get("Event")
        if name not in ("AsyncAGIExec", "AGIExecStart", "DTMFEnd", "AsyncAGIEnd"):
            return False
        call = self._book.of_caller(frame["Channel"])
        if call is None:
            return True
        if name == "AsyncAGIExec":
            self._ended(call, frame)
        elif name == "AGIExecStart":
            self._started(call, frame)
        elif name == "DTMFEnd" and frame.get("Direction") == "Received" and not call.collecting:
            call.typed.append((asyncio.get_running_loop().time(), frame.get("Digit", "")[:1]))
        return True

    def _started(self, call: Call, frame: Frame) -> None:
        if call.playing is None or not frame.get("Command", "").startswith("EXEC Read"):
            return
        call.collecting = True
        for key in call.take_typed(asyncio.get_running_loop().time()):
            self._send(call, actions.digit(call.channel, key), None)

    def _ended(self, call: Call, frame: Frame) -> None:
        playing, command_id = call.playing, frame.get("CommandId")
        if playing is None:
            return
        if command_id == playing.read_id:
            call.collecting = False
        if command_id != playing.answer_id:
            return
        call.playing, call.collecting = None, False
        if playing.file is not None:
            call.typed.clear()  # the key that ended it is no answer to what comes next
            self._emit(playing.recorded(call.id, "hangup" if call.caller_left else "done"))
            return
        # What was typed while it played counts from now.
        call.keep_typed(asyncio.get_running_loop().time())
        result = read_agi_result(frame.get("Result", ""))
        if result.failed and call.caller_left:
            return  # the end of the call follows
        self._emit(self._prompt_ended(call, playing, result))

    def _prompt_ended(self, call: Call, playing: Playing, result: AgiResult) -> PromptEnded:
        if result.code != 200 or result.failed:
            return PromptEnded(call.id, playing.token, "", "failed")
        collect = playing.collect
        if collect is None:
            return PromptEnded(call.id, playing.token, "", "done")
        if collect.secret:
            with contextlib.suppress(AmiDown):
                self._send(call, actions.set_variable(call.channel, _TYPED, ""), None)
        status, _, typed = result.data.partition(":")
        digits = typed[: collect.digits_max]
        late = len(digits) < collect.digits_min and status != "OK"
        return self._with_digits(
            call.id, playing.token, collect, digits, "timeout" if late else "done"
        )


def split_digits(typed: str, collect: Collect) -> tuple[str | None, str]:
    """The answer that these digits make already, if they do (None: not yet), and the rest."""
    answer, mark, rest = (
        typed.partition(collect.terminator) if collect.terminator else (typed, "", "")
    )
    if len(answer) >= collect.digits_max:
        return typed[: collect.digits_max], typed[collect.digits_max :]
    return (answer, rest) if mark else (None, "")


def _collect_commands(files: str, collect: Collect) -> tuple[str, str]:
    """Speaks and listens; then says what was typed and how it ended. Timeout 0: those of the
    channel count (GET DATA, which would do both in one, has fixed ones of its own)."""
    keys = actions.must_match(actions.KEYS, "terminator", collect.terminator)
    option = f"t({keys})" if keys else "t"
    read = f"{_TYPED},{files},{collect.digits_max:d},{option},1,0"
    answer = f"${{READSTATUS}}:${{{_TYPED}}}"
    return f"EXEC Read {actions.agi_argument(read)}", f"GET FULL VARIABLE {answer}"


def _groups(files: Sequence[str]) -> list[str]:
    """The files joined as Asterisk wants them, as few groups as a command's length allows."""
    groups: list[str] = []
    for file in files:
        joined = f"{groups[-1]}&{file}" if groups else file
        if groups and len(joined.encode()) <= COMMAND_BYTES_MAX:
            groups[-1] = joined
        else:
            groups.append(file)
    return groups
