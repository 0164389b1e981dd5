// The window between another system and the console. The other system opened it and may talk to it by
// postMessage, if its origin is one that the operator named; the console's tab listens on a channel that
// only pages of this origin can reach. Nothing but a telephone number goes in, nothing but news of the
// agent's own calls goes out, and the console asks its agent before it dials.
"use strict";
(() => {
  const NUMBER = /^[+0-9][0-9 ()./-]{1,38}$/;
  const WAIT_MS = 1500;
  const chinese = (navigator.language ?? "").toLowerCase().startsWith("zh");
  const words = chinese
    ? { ready: "已连接。", foreign: "打开此窗口的网站未获允许。", alone: "此窗口应由您的系统打开。", asked: "号码已传给工作台：" }
    : { ready: "Connected.", foreign: "The site that opened this window is not allowed to.", alone: "This window is to be opened by your own system.", asked: "Handed to the console: " };
  const message = document.getElementById("message");
  const channel = new BroadcastChannel("cc-link");
  let sites = [];
  let partner = "";

  const tell = (body) => {
    if (window.opener !== null && partner !== "") {
      window.opener.postMessage({ callcenter: 1, ...body }, partner);
    }
  };

  function ask(number) {
    const id = crypto.randomUUID();
    const timer = setTimeout(() => {
      // No console is open: this window becomes one, and asks there.
      location.assign(`/dial?number=${encodeURIComponent(number)}`);
    }, WAIT_MS);
    const heard = ({ data }) => {
      if (data?.kind !== "taken" || data.id !== id) return;
      clearTimeout(timer);
      channel.removeEventListener("message", heard);
      message.textContent = words.asked + number;
      tell({ type: "asked", number });
    };
    channel.addEventListener("message", heard);
    channel.postMessage({ kind: "dial", id, number });
  }

  function fromOutside({ source, origin, data }) {
    if (source !== window.opener || !sites.includes(origin)) {
      if (source === window.opener && source !== null) message.textContent = words.foreign;
      return;
    }
    if (typeof data !== "object" || data === null || data.callcenter !== 1) return;
    partner = origin;
    message.textContent = words.ready;
    if (data.type === "hello") tell({ type: "ready" });
    if (data.type === "dial" && typeof data.number === "string" && NUMBER.test(data.number)) {
      ask(data.number);
    }
  }

  channel.addEventListener("message", ({ data }) => {
    if (data?.kind === "call") tell({ type: "call", ...data.call });
  });

  async function begin() {
    if (window.opener === null) {
      message.textContent = words.alone;
      return;
    }
    sites = (await (await fetch("/embed/sites.json", { credentials: "omit" })).json()).sites;
    addEventListener("message", fromOutside);
    // Who opened us is not known yet; only an allowed one can read this.
    for (const site of sites) window.opener.postMessage({ callcenter: 1, type: "ready" }, site);
  }

  void begin();
})();
