// The public form: asks the server what it may offer, sends what was filled in, and says what became of
// it. No library: strangers load it, on any telephone. What was typed stays in this tab until it is sent.
"use strict";
(() => {
  const TEXTS = {
    en: {
      title: "Call me back",
      queue: "What is it about?",
      number: "Your telephone number",
      name: "Your name (if you like)",
      send: "Call me back",
      sending: "One moment …",
      off: "Callbacks are not offered at the moment. Please call us.",
      asked: "Thank you. We call you back as soon as it is your turn.",
      later: "Thank you. We are closed now and call you back from {at} on.",
      known: "We have this number on our list already, and you keep your place.",
      closed: "This is closed at the moment. It opens {at}.",
      closedNow: "This is closed at the moment.",
      closedButLater: "Closed now: we call from {at} on.",
      consent: "I agree that you call me at this number.",
      "consent-missing": "Please agree first.",
      "number-missing": "Please give your number, with area code.",
      "not-dialable-unreadable": "This is not a telephone number.",
      "not-dialable-incomplete": "This number is not complete: write it with area code.",
      "not-dialable-country": "We cannot call this country.",
      "not-dialable-kind": "We cannot call this kind of number.",
      "not-dialable-blocked": "We cannot call this number.",
      "too-many": "This was asked for too often. Please try again later, or call us.",
      full: "So many are waiting that we cannot take your number. Please try later.",
      unreachable: "The server cannot be reached. What you typed is still here; please try again.",
      again: "Ask for another number",
    },
    zh: {
      title: "给我回电",
      queue: "您要咨询什么？",
      number: "您的电话号码",
      name: "您的称呼（可不填）",
      send: "请给我回电",
      sending: "请稍候……",
      off: "目前不提供回电服务，请直接致电。",
      asked: "谢谢。轮到您时，我们会立即给您回电。",
      later: "谢谢。现在是非工作时间，我们将在 {at} 之后给您回电。",
      known: "这个号码已在等候名单中，您的位置保持不变。",
      closed: "目前不在服务时间，{at} 开始服务。",
      closedNow: "目前不在服务时间。",
      closedButLater: "现在是非工作时间：我们将在 {at} 之后回电。",
      consent: "我同意贵方拨打此号码与我联系。",
      "consent-missing": "请先勾选同意。",
      "number-missing": "请填写您的号码，固定电话请加区号。",
      "not-dialable-unreadable": "这不是电话号码。",
      "not-dialable-incomplete": "号码不完整：固定电话请加区号。",
      "not-dialable-country": "我们无法拨打该国家或地区。",
      "not-dialable-kind": "我们无法拨打这类号码。",
      "not-dialable-blocked": "我们无法拨打这个号码。",
      "too-many": "请求过于频繁，请稍后再试，或直接致电。",
      full: "等候的人太多，暂时无法登记，请稍后再试。",
      unreachable: "无法连接服务器。您填写的内容还在，请再试一次。",
      again: "登记另一个号码",
    },
  };
  const KEPT = "callback-form";
  const FILL_MS = 3200;
  const form = document.getElementById("form");
  const message = document.getElementById("message");
  const wanted = new URLSearchParams(location.search);
  let language = "en";
  let offer = null;
  let opened = 0;
  let said = null;

  const text = (key, values = {}) =>
    TEXTS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const moment = (at) =>
    new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
    }).format(new Date(at));
  const kept = () => {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
    } catch {
      return {};
    }
  };
  const keep = (values) => {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(values));
    } catch {
      // A browser that keeps nothing: then it stays on the page only.
    }
  };
  const say = (key, values) => {
    said = [key, values];
    message.textContent = key === null ? "" : text(key, values);
  };
  const error = (name, key) => {
    document.getElementById(`${name}-error`).textContent = key === "" ? "" : text(key);
    form.elements[name].setAttribute("aria-invalid", String(key !== ""));
  };
  const chosen = () => offer?.queues.find((one) => one.queue === form.elements.queue.value);

  function showHours() {
    const queue = chosen();
    const hours = document.getElementById("hours");
    hours.textContent = "";
    if (queue === undefined || queue.open) return;
    const at = queue.open_at === null ? "" : moment(queue.open_at);
    if (offer.accepts_closed && at !== "") hours.textContent = text("closedButLater", { at });
    else hours.textContent = at === "" ? text("closedNow") : text("closed", { at });
  }

  function show() {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    for (const node of document.querySelectorAll("[data-text]")) {
      node.textContent = text(node.dataset.text);
    }
    document.title = text("title");
    if (said !== null && said[0] !== null) say(...said);
    if (offer === null) return;
    const select = form.elements.queue;
    const before = select.value || kept().queue || wanted.get("queue") || "";
    select.replaceChildren(
      ...offer.queues.map((one) => new Option(language === "zh" ? one.name_zh : one.name, one.queue)),
    );
    if (offer.queues.some((one) => one.queue === before)) select.value = before;
    document.getElementById("queue-row").hidden = offer.queues.length < 2;
    const own = language === "zh" ? offer.consent_zh || offer.consent : offer.consent || offer.consent_zh;
    document.getElementById("consent").textContent = own || text("consent");
    showHours();
  }

  async function ask(path, options) {
    const answer = await fetch(path, { credentials: "omit", ...options });
    return [answer.status, await answer.json()];
  }

  async function open() {
    try {
      const [status, body] = await ask("/api/public/callback-form");
      if (status !== 200) throw new Error(String(status));
      offer = body;
    } catch {
      say("unreachable");
      return false;
    }
    opened = Date.now();
    const usable = offer.enabled && offer.queues.length > 0;
    form.hidden = !usable;
    if (!usable) say("off");
    show();
    return usable;
  }

  async function send() {
    const filled = new FormData(form);
    error("number", "");
    error("consent", "");
    if (String(filled.get("number")).trim() === "") {
      error("number", "number-missing");
      form.elements.number.focus();
      return;
    }
    if (!form.elements.consent.checked) {
      error("consent", "consent-missing");
      form.elements.consent.focus();
      return;
    }
    say("sending");
    // A person takes longer than this; who does not is asked to wait without noticing.
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, FILL_MS - (Date.now() - opened))));
    await deliver(filled, true);
  }

  async function deliver(filled, mayAskAnew) {
    const body = {
      token: offer.token,
      queue: form.elements.queue.value,
      number: String(filled.get("number")).trim(),
      name: String(filled.get("name")).trim(),
      website: String(filled.get("website")),
      language,
      consent: true,
    };
    const options = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    let status;
    let answer;
    try {
      [status, answer] = await ask("/api/public/callbacks", options);
    } catch {
      say("unreachable");
      return;
    }
    if (status === 201) {
      keep({});
      form.hidden = true;
      say(answer.state, { at: answer.at === null ? "" : moment(answer.at) });
      return;
    }
    if ((answer.code === "form_expired" || answer.code === "form_too_fast") && mayAskAnew) {
      if (!(await open())) return;
      await new Promise((resolve) => setTimeout(resolve, FILL_MS));
      await deliver(filled, false);
      return;
    }
    refused(status, answer.code);
    await open();
  }

  function refused(status, code) {
    if (String(code).startsWith("not-dialable-") || status === 422) {
      say(null);
      error("number", code in TEXTS.en ? code : "not-dialable-unreadable");
      form.elements.number.focus();
    } else if (status === 429) say("too-many");
    else if (code === "form_closed") say("closedNow");
    else if (code === "form_off") say("off");
    else say(status === 409 ? "full" : "unreachable");
  }

  function begin() {
    const wish = wanted.get("lang") ?? navigator.language ?? "en";
    language = wish.toLowerCase().startsWith("zh") ? "zh" : "en";
    const before = kept();
    form.elements.number.value = before.number ?? wanted.get("number") ?? "";
    form.elements.name.value = before.name ?? "";
    form.addEventListener("input", () => {
      const { queue, number, name } = form.elements;
      keep({ queue: queue.value, number: number.value, name: name.value });
      showHours();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = form.querySelector("button[type=submit]");
      if (button.disabled) return;
      button.disabled = true;
      void send().finally(() => {
        button.disabled = false;
      });
    });
    for (const button of document.querySelectorAll("[data-language]")) {
      button.addEventListener("click", () => {
        language = button.dataset.language;
        show();
      });
    }
    show();
    void open();
  }

  begin();
})();
