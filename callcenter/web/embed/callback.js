// For your own web site: puts our form "call me back" where this stands.
//
//   <div data-callback-form data-queue="support" data-lang="en"></div>
//   <script src="https://calls.example.com/embed/callback.js" async></script>
//
// The site's address has to be named in CALLCENTER_EMBED_ORIGINS.
"use strict";
(() => {
  const home = new URL(document.currentScript.src).origin;
  const place = () => {
    for (const node of document.querySelectorAll("[data-callback-form]:not([data-placed])")) {
      node.dataset.placed = "";
      const address = new URL("/callback-form", home);
      for (const name of ["queue", "lang"]) {
        if (node.dataset[name]) address.searchParams.set(name, node.dataset[name]);
      }
      const frame = document.createElement("iframe");
      frame.src = address.href;
      frame.title = (node.dataset.lang ?? "").startsWith("zh") ? "给我回电" : "Call me back";
      frame.style.cssText = "width:100%;min-height:34rem;border:0;color-scheme:normal";
      node.append(frame);
    }
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", place);
  else place();
})();
