// The line numbers of a template's file, the lines on which something is wrong, and a way from each fault to its line.
const form = document.getElementById("file-form");
const text = document.getElementById("text");
const gutter = document.querySelector(".code-lines");

function faultyLines() {
  const found = new Map();
  for (const fault of document.querySelectorAll("#faults [data-line]")) {
    const line = Number(fault.dataset.line);
    if (found.get(line) !== "is-wrong") found.set(line, fault.classList.contains("is-wrong") ? "is-wrong" : "is-noted");
  }
  return found;
}

function number() {
  const faults = faultyLines();
  const count = text.value.split("\n").length;
  gutter.replaceChildren(...Array.from({ length: count }, (_, index) => {
    const line = document.createElement("span");
    line.textContent = String(index + 1);
    line.className = faults.get(index + 1) ?? "";
    return line;
  }));
  follow();
}

function follow() {
  gutter.scrollTop = text.scrollTop;
}

function go(line, focus = true) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  if (focus) text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  text.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(text).lineHeight));
  follow();
}

text.addEventListener("input", number);
text.addEventListener("scroll", follow);
document.addEventListener("click", (event) => {
  const way = event.target.closest("[data-go]");
  if (!way) return;
  event.preventDefault();
  go(Number(way.dataset.go));
});
document.body.addEventListener("htmx:afterSwap", number);

// What was typed and not saved is not lost by a slip.
const opened = text.defaultValue;
let sent = false;
form.addEventListener("submit", () => { sent = true; });
addEventListener("beforeunload", (event) => { if (!sent && text.value !== opened) event.preventDefault(); });

number();
if (Number(form.dataset.line)) go(Number(form.dataset.line), location.search.includes("line="));
