// Runs before the first paint, so that a chosen theme never flashes.
"use strict";
const page = document.documentElement;
page.classList.add("js");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") page.dataset.theme = theme;
} catch {
  // A browser that keeps nothing follows the system.
}
