// Stands in for those parts of JsSIP that our phone never calls (presence, messages, its own transfers: the
// server does these), so that no agent has to fetch them. JsSIP makes one only for a listener that we never
// set, or for a method that we never call: being here at all is our mistake. See vite.config.ts.
module.exports = class LeftOut {
  constructor() {
    throw new Error("this part of JsSIP is left out of the console: see vite.config.ts");
  }

  static init_incoming() {
    throw new Error("this part of JsSIP is left out of the console: see vite.config.ts");
  }
};
