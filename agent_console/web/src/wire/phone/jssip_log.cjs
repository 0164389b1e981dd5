// What JsSIP logs, with none of the package `debug` that it brings along for that: said where
// `localStorage.debug` begins with "JsSIP" (set it in the browser's own tools, then load the page anew).
function wanted() {
  try {
    return (localStorage.getItem("debug") ?? "").startsWith("JsSIP");
  } catch {
    return false;
  }
}

function log(name) {
  const say = wanted() ? (...words) => say.log(name, ...words) : () => undefined;
  say.log = () => undefined; // JsSIP puts the browser's console here
  return say;
}

module.exports = log;
module.exports.default = log;
