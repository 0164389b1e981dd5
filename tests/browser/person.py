"""A person at a browser: sign in, start the shift, answer, close a call; and what the phone hears.

Everything is done by what is on the screen (roles and names), as a user would; `heard` looks into
the browser's own media counters. English is set on the page, so names here are the English ones.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, Page, TimeoutError, async_playwright

CHROMIUM = os.environ.get("CALLCENTER_CHROMIUM", "/usr/bin/chromium")
# The same engine without Chromium's own windows and services, a tenth cheaper: enough for pages.
# Calls are made in the browser that agents have.
HEADLESS_SHELL = "/usr/lib/chromium/chromium-headless-shell"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    # A private network namespace has no other interface than the loopback one.
    "--allow-loopback-in-peer-connection",
]
WAIT_MS = 20_000
TRIES = 4

# Kept by the page for tests: every peer connection made, to read its counters.
_REMEMBER_CONNECTIONS = """
  const Native = window.RTCPeerConnection;
  window.__connections = [];
  window.RTCPeerConnection = function (...given) {
    const made = new Native(...given);
    window.__connections.push(made);
    return made;
  };
  window.RTCPeerConnection.prototype = Native.prototype;
  Object.setPrototypeOf(window.RTCPeerConnection, Native);
"""
# Lets a test pull the microphone out of the socket, and put it back.
_UNPLUGGABLE = """
  const tracks = new Set();
  const clone = MediaStreamTrack.prototype.clone;
  MediaStreamTrack.prototype.clone = function () {
    const made = clone.call(this);
    if (tracks.has(this)) tracks.add(made);
    return made;
  };
  const ask = MediaDevices.prototype.getUserMedia;
  let gone = false;
  MediaDevices.prototype.getUserMedia = async function (wanted) {
    if (gone) throw new DOMException("Requested device not found", "NotFoundError");
    const stream = await ask.call(this, wanted);
    for (const track of stream.getTracks()) tracks.add(track);
    return stream;
  };
  const list = MediaDevices.prototype.enumerateDevices;
  MediaDevices.prototype.enumerateDevices = async function () {
    return (await list.call(this)).filter((one) => !gone || one.kind !== "audioinput");
  };
  const told = () => navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  window.__unplug = () => {
    gone = true;
    for (const track of tracks) {
      const lived = track.readyState === "live";
      track.stop();
      if (lived) track.dispatchEvent(new Event("ended"));
    }
    tracks.clear();
    told();
  };
  window.__plug = () => { gone = false; told(); };
"""
# For tests: what the page plays by itself (ring, zip), how loud and how high. A page that is busy
# cannot look in time, so the sound keeps its last seconds itself: ears stand one behind the other,
# each hears the half second before the one before it. They are asked when somebody wants to know
# (`__played`), and before the sound is put away.
_REMEMBER_SOUNDS = """
  const connect = AudioNode.prototype.connect;
  const close = AudioContext.prototype.close;
  const EARS = 5, SPAN_SECONDS = 0.5, SAMPLES = 32768;
  const heard = [];
  const ears = new Map();
  const ask = (context) => {
    for (const ear of ears.get(context) ?? []) {
      const wave = new Float32Array(SAMPLES);
      const tones = new Float32Array(SAMPLES / 2);
      ear.getFloatTimeDomainData(wave);
      ear.getFloatFrequencyData(tones);
      const energy = wave.reduce((sum, one) => sum + one * one, 0) / SAMPLES;
      const highest = tones.reduce((best, one, place) => (one > tones[best] ? place : best), 0);
      if (energy > 0) heard.push({ energy, hertz: (highest * context.sampleRate) / SAMPLES });
    }
  };
  window.__played = () => { for (const context of ears.keys()) ask(context); return heard; };
  AudioContext.prototype.close = function () {
    ask(this);
    ears.delete(this);
    return close.call(this);
  };
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) {
      const all = ears.get(to.context) ?? [];
      let sound = this;
      for (let count = 0; count < EARS; count += 1) {
        const ear = to.context.createAnalyser();
        ear.fftSize = SAMPLES;
        ear.smoothingTimeConstant = 0;
        connect.call(sound, ear);
        all.push(ear);
        if (count === EARS - 1) break; // the last leads nowhere, and so is heard
        sound = to.context.createDelay(SPAN_SECONDS);
        sound.delayTime.value = SPAN_SECONDS;
        connect.call(ear, sound);
      }
      ears.set(to.context, all);
    }
    return connect.call(this, to, ...rest);
  };
"""
# Kept by the page for tests: on which devices it has asked to be heard, the latest last.
_REMEMBER_SINKS = """
  window.__sinks = { call: [], own: [] };
  for (const [kind, made] of [["call", HTMLMediaElement], ["own", AudioContext]]) {
    const choose = made.prototype.setSinkId;
    made.prototype.setSinkId = function (id) {
      window.__sinks[kind].push(id);
      return choose.call(this, id);
    };
  }
"""
_COUNTERS = """async () => {
  const all = (window.__connections ?? []).filter((one) => one.connectionState !== "closed");
  const sum = { packets_in: 0, packets_out: 0, energy_in: 0, energy_out: 0, level_in: 0 };
  const last = all.at(-1);
  if (last === undefined) return sum;
  for (const report of (await last.getStats()).values()) {
    if (report.type === "inbound-rtp" && report.kind === "audio") {
      sum.packets_in += report.packetsReceived ?? 0;
      sum.energy_in += report.totalAudioEnergy ?? 0;
      sum.level_in = Math.max(sum.level_in, report.audioLevel ?? 0);
    } else if (report.type === "outbound-rtp" && report.kind === "audio") {
      sum.packets_out += report.packetsSent ?? 0;
    } else if (report.type === "media-source" && report.kind === "audio") {
      sum.energy_out += report.totalAudioEnergy ?? 0;
    }
  }
  return sum;
}"""
_REMEMBER = "".join(
    f"(() => {{ {one} }})();"
    for one in (_REMEMBER_CONNECTIONS, _REMEMBER_SOUNDS, _REMEMBER_SINKS, _UNPLUGGABLE)
)


@dataclass(frozen=True, slots=True)
class Sound:
    """What went through the last peer connection: packets, and energy in the W3C's unit
    (`totalAudioEnergy`: level squared times seconds)."""

    packets_in: int
    packets_out: int
    energy_in: float
    energy_out: float
    level_in: float

    def since(self, before: Sound) -> Sound:
        return Sound(
            self.packets_in - before.packets_in,
            self.packets_out - before.packets_out,
            self.energy_in - before.energy_in,
            self.energy_out - before.energy_out,
            self.level_in,
        )


@asynccontextmanager
async def chromium(*more_flags: str, program: str = CHROMIUM) -> AsyncIterator[Browser]:
    """Debian's Chromium, headless, with a microphone that beeps."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=[*FLAGS, *more_flags]
        )
        try:
            yield browser
        finally:
            await browser.close()


class Person:
    """One browser profile (own cookies) with one page, on the console at `url`."""

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context, self.page, self.url = context, page, url
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: (
                self.problems.append(f"{message.type}: {message.text} {message.location['url']}")
                if message.type == "error"
                else None
            ),
        )

    @classmethod
    async def arrive(
        cls,
        browser: Browser,
        url: str,
        *,
        language: str = "en",
        scheme: str = "light",
        width: int = 1440,
        height: int = 900,
    ) -> Person:
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            permissions=["microphone", "notifications"],
            reduced_motion="reduce",
        )
        choose = f"""
          if (localStorage.getItem("cc-language") === null) {{
            localStorage.setItem("cc-language", "{language}");
            localStorage.setItem("cc-color-scheme", "{scheme}");
          }}
        """
        await context.add_init_script(choose + _REMEMBER)
        page = await context.new_page()
        page.set_default_timeout(WAIT_MS)
        return cls(context, page, url)

    async def another_page(self) -> Person:
        """A page beside this one, of the same profile: signed in as this one is."""
        page = await self.context.new_page()
        page.set_default_timeout(WAIT_MS)
        return Person(self.context, page, self.url)

    async def sign_in(self, login: str, password: str, at: str = "/") -> None:
        """Be signed in, and open the page `at`: one page is loaded instead of two or three."""
        await self.let_in(login, password)
        await self.page.goto(self.url + at)
        await self.page.get_by_test_id("account").wait_for()

    async def let_in(self, login: str, password: str) -> None:
        """Be signed in; no page is opened."""
        answer = await self.context.request.post(
            f"{self.url}/api/login",
            data={"login": login, "password": password},
            headers={"Origin": self.url},
        )
        assert answer.ok, await answer.text()

    async def sign_in_by_hand(self, login: str, password: str) -> None:
        """As people do."""
        await self.page.goto(f"{self.url}/login")
        await self.page.locator('input[autocomplete="username"]').fill(login)
        await self.page.locator('input[autocomplete="current-password"]').fill(password)
        await self.page.locator('button[type="submit"]').click()
        await self.page.get_by_test_id("account").wait_for()

    async def choose_desk_phone(self) -> None:
        await self.page.get_by_test_id("pre-flight").wait_for()
        await self.page.get_by_text("Desk phone", exact=True).first.click()

    async def start_shift(self) -> None:
        """The button may move under the mouse while the checks above it turn green: press again."""
        button = self.page.get_by_test_id("start-shift")
        for _ in range(TRIES):
            await button.click()
            try:
                await self.state("paused", "unreachable", "available", seconds=3)
            except TimeoutError:
                continue
            return
        raise AssertionError("the shift does not start")

    async def go_ready(self) -> None:
        """Ready; where somebody waits already, it rings at once."""
        await self.page.get_by_role("button", name="Go ready").click()
        await self.state("available", "offered")

    async def state(self, *wanted: str, seconds: float = WAIT_MS / 1000) -> None:
        """Wait until the own state is one of these. Raises playwright's TimeoutError."""
        selector = ", ".join(f'[data-testid="own-state"][data-state="{one}"]' for one in wanted)
        await self.page.locator(selector).wait_for(timeout=seconds * 1000)

    async def offered(self, seconds: float = WAIT_MS / 1000) -> str:
        """Wait for a call that rings; its id."""
        desk = self.page.locator('[data-testid="call-desk"][data-stage="offered"]')
        await desk.wait_for(timeout=seconds * 1000)
        call = await desk.get_attribute("data-call")
        assert call is not None
        return call

    async def answer(self) -> None:
        incoming = self.page.get_by_test_id("incoming")
        await incoming.get_by_role("button", name="Answer", exact=True).click()

    async def stage(self, wanted: str) -> None:
        """Wait until the own call is in this stage."""
        await self.page.locator(f'[data-testid="call-desk"][data-stage="{wanted}"]').wait_for()

    async def hang_up(self) -> None:
        await self.page.get_by_role("button", name="Hang up").click()

    async def close_call(self, outcome: str, note: str) -> None:
        # A chip's radio button lies invisible behind its label.
        await self.page.locator("label", has_text=outcome).first.click()
        form = self.page.get_by_test_id("wrap-up-form")
        await form.get_by_role("textbox", name="Note", exact=True).fill(note)
        await self.page.get_by_role("button", name="Finish and go ready").click()

    async def heard(self) -> Sound:
        return Sound(**await self.page.evaluate(_COUNTERS))

    async def heard_within(self, seconds: float) -> Sound:
        """What went through during the next `seconds`."""
        before = await self.heard()
        await asyncio.sleep(seconds)
        return (await self.heard()).since(before)

    async def played(self) -> list[tuple[float, float]]:
        """What the page itself has played in the last seconds, and in the seconds before each sound
        was put away: (energy, hertz) of half a second each."""
        found: list[dict[str, float]] = await self.page.evaluate("() => window.__played()")
        return [(one["energy"], one["hertz"]) for one in found]

    async def plays_on(self, kind: str, device: str) -> None:
        """Wait until the page wants the *call*, or its *own* sounds, to be heard on this device."""
        latest = "([kind, device]) => window.__sinks[kind].at(-1) === device"
        await self.page.wait_for_function(latest, arg=[kind, device])

    async def marks(self, call: str) -> dict[str, float]:
        """Moments of a call (ms since 1970), by name: offer-row, sip-invite, pop-painted."""
        found: list[dict[str, object]] = await self.page.evaluate("() => window.__marks ?? []")
        return {str(one["name"]): float(str(one["at"])) for one in found if one["call"] == call}

    async def leave(self) -> None:
        await self.context.close()
