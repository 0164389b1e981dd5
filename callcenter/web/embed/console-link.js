// For your own CRM: dial by a click there, and hear of your calls.
//
//   <script src="https://calls.example.com/embed/console-link.js"></script>
//   <script>
//     const calls = CallCentre.connect();
//     button.onclick = () => calls.dial("+8613800138000"); // the console asks before it dials
//     calls.on("call", ({ stage, number, customer, queue }) => showCustomer(number));
//   </script>
//
// Or without a script, a link: <a href="https://calls.example.com/dial?number=%2B8613800138000">.
// The CRM's address has to be named in CALLCENTER_EMBED_ORIGINS. A browser opens windows only at a click.
"use strict";
(() => {
  const home = new URL(document.currentScript.src).origin;
  const NAME = "callcenter-link";
  const SIZE = "width=420,height=320";

  function connect() {
    const heard = new Map();
    let linked = null;
    let ready = false;
    let waiting = [];
    const say = (body) => linked.postMessage({ callcenter: 1, ...body }, home);
    const open = () => {
      if (linked !== null && !linked.closed) return true;
      ready = false;
      linked = window.open(`${home}/link`, NAME, SIZE);
      return linked !== null;
    };
    addEventListener("message", ({ origin, source, data }) => {
      if (origin !== home || source !== linked || data?.callcenter !== 1) return;
      if (data.type === "ready") {
        ready = true;
        const now = waiting;
        waiting = [];
        for (const body of now) say(body);
      }
      for (const told of heard.get(data.type) ?? []) told(data);
    });
    return {
      /** At a click. False: the browser did not let the window open. */
      open,
      dial(number) {
        if (!open()) return false;
        const body = { type: "dial", number: String(number) };
        if (ready) say(body);
        else waiting.push(body);
        return true;
      },
      /** "ready", "asked" (handed to the console), "call" (stage: offered, talking, held, wrap-up, over). */
      on(type, told) {
        heard.set(type, [...(heard.get(type) ?? []), told]);
      },
      close() {
        linked?.close();
        linked = null;
      },
    };
  }

  window.CallCentre = { connect };
})();
