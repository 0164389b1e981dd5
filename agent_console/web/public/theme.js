// Runs before the first paint, so that a dark console does not flash white. A file of its own,
// because inline scripts are forbidden here.
(function () {
  var wish = null;
  try {
    wish = localStorage.getItem("cc-color-scheme");
  } catch (_) {
    /* storage is off: follow the system */
  }
  var dark =
    wish === "dark" || (wish !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
  document.documentElement.style.backgroundColor = dark ? "#1f2126" : "#f6f7f9";
})();
