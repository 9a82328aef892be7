// Sets the colour scheme before the first paint; a file of its own because the CSP forbids inline scripts.
(function () {
  var scheme = "auto";
  try {
    scheme = localStorage.getItem("mantine-color-scheme-value") || "auto";
  } catch (_) {
    // storage may be blocked; follow the system then
  }
  if (scheme !== "light" && scheme !== "dark") {
    scheme = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  document.documentElement.setAttribute("data-mantine-color-scheme", scheme);
})();
