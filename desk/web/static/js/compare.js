// Two pictures over one another: the slider says how much of the upper one is seen.
"use strict";

for (const range of document.querySelectorAll("[data-compare-at]")) {
  const frame = range.closest(".compare-over").querySelector("[data-compare]");
  const show = () => frame.style.setProperty("--at", `${range.value}%`);
  range.addEventListener("input", show);
  show();
}
