// A clock outside the page's own timers: browsers slow timers of hidden tabs, not those of workers.
let timer: ReturnType<typeof setInterval> | null = null;

self.onmessage = (event: MessageEvent<{ everyMs: number }>) => {
  if (timer !== null) clearInterval(timer);
  timer = setInterval(() => self.postMessage(null), event.data.everyMs);
};

export {};
