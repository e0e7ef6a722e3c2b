// The calendar's dialogs, dragging and keys. Without it every link opens a page of its own that does the same.

const dialog = document.getElementById("dialog");
const body = document.getElementById("dialog-body");
const help = document.getElementById("help");
const OFF = "loa-keys-off";
const SHOWN = new Set([409, 422]); // refusals that come with the form, filled in as it was
let opener = null;

function show(address) {
  opener = document.activeElement;
  return htmx.ajax("GET", address, { target: body, swap: "innerHTML" }).then(() => {
    if (!dialog.open && body.childElementCount) dialog.showModal();
    const first = body.querySelector("[autofocus], input:not([type=hidden]):not(:disabled), select");
    if (first) first.focus();
  });
}

function close(box) {
  box.close();
}

dialog.addEventListener("close", () => {
  body.replaceChildren();
  if (opener && opener.isConnected) opener.focus();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (link && !(event.ctrlKey || event.metaKey || event.shiftKey || event.button)) {
    event.preventDefault();
    show(link.getAttribute("href"));
  } else if (event.target.closest("[data-close]")) {
    close(event.target.closest("dialog"));
  } else if (event.target.closest("[data-help]")) {
    help.showModal();
  } else if (event.target.closest("[data-print]")) {
    window.print();
  }
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (SHOWN.has(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// What was asked for and refused is where the reader goes on.
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (SHOWN.has(event.detail.xhr?.status)) {
    const wrong = body.querySelector("[aria-invalid=true], [role=alert]");
    if (wrong?.matches("fieldset")) wrong.querySelector("input")?.focus();
    else if (wrong?.matches("[role=alert]")) { wrong.tabIndex = -1; wrong.focus(); }
    else wrong?.focus();
  }
  reveal();
});

function reveal() {
  for (const each of document.querySelectorAll(".js-only[hidden]")) each.hidden = false;
}
reveal();

// Dragging: an entry onto a day, or onto an hour of a day; what follows is shown before anything is done.
let dragged = null;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-entry]") ?? null;
  if (!dragged) return;
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.entry);
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  mark(null);
  dragged = null;
});

function dayOf(card) {
  return card.closest("[data-drop]").dataset.drop;
}

function target(event) {
  const cell = dragged && event.target.closest?.("[data-drop]");
  if (!cell || (cell.dataset.drop === dayOf(dragged) && !cell.dataset.time)) return null;
  return cell;
}

function mark(cell) {
  for (const each of document.querySelectorAll(".over")) if (each !== cell) each.classList.remove("over");
  cell?.classList.add("over");
}

document.addEventListener("dragover", (event) => {
  const cell = target(event);
  mark(cell);
  if (cell) {
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  }
});

document.addEventListener("drop", (event) => {
  const cell = target(event);
  if (!cell) return;
  event.preventDefault();
  const asked = new URL(dragged.querySelector(".entry-move").href);
  asked.searchParams.set("to_day", cell.dataset.drop);
  const hour = cell.dataset.time;
  const time = dragged.querySelector("time")?.textContent;
  if (hour && time && hour.slice(0, 2) !== time.slice(0, 2)) asked.searchParams.set("to_time", hour);
  if (hour && cell.dataset.drop === dayOf(dragged) && !asked.searchParams.has("to_time")) return;
  opener = dragged.querySelector("a");
  show(asked.pathname + asked.search);
});

// Keys, while no field and no dialog has the reader's attention.
const off = document.getElementById("keys-off");
off.checked = localStorage.getItem(OFF) === "1";
off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "1" : "0"));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || off.checked) return;
  if (dialog.open || help.open || event.target.closest("input, select, textarea, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  const own = { "?": () => help.showModal(), n: () => document.getElementById("jump-day").focus(),
    d: () => document.activeElement.closest("[data-entry]")?.querySelector(".entry-move")?.click(),
    z: () => document.querySelector("[data-undo]")?.click() };
  const link = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (own[key]) own[key]();
  else if (link) link.click();
  else return;
  event.preventDefault();
});
