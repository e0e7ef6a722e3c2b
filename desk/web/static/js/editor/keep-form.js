// Nothing filled in is lost: a form[data-draft] is kept in this browser at once and on the server within a second.
import { AGAIN, HERE, SOON, answered, clock, keptAt, say, showOthers } from "./keep-words.js";

const OURS = new Set(["csrf", "tab", "took", "changed"]);
let form, turn = 0, acknowledged = 0, timer = null, sending = false;

const tab = () => form.querySelector("input[name='tab']").value;
const prefix = () => `loa.form.${form.dataset.draft}.`;
const shelf = () => prefix() + tab();
const pairs = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !OURS.has(name));
const post = (address, body) => fetch(address, { method: "POST", body, headers: { "hx-request": "true" } });

function body(filled, { as = tab(), changed = true } = {}) {
  const data = new URLSearchParams(filled);
  const csrf = form.querySelector("input[name='csrf']");
  if (csrf) data.set("csrf", csrf.value);
  data.set("tab", as);
  if (as === tab()) data.set("took", form.querySelector("input[name='took']").value);
  if (changed) data.set("changed", "1");
  return data;
}

function keepHere() {
  const kept = { at: clock(), who: form.dataset.who, filled: pairs() };
  try { localStorage.setItem(shelf(), JSON.stringify(kept)); } catch { /* a full or forbidden shelf: the server still has it */ }
}

async function send() {
  clearTimeout(timer);
  if (sending || !form.isConnected) return;
  sending = true;
  const now = turn, changed = turn !== acknowledged, asked = form, kept = shelf();
  try {
    const told = await answered(() => post(form.dataset.draft, body(pairs(), { changed })), lost);
    if (!told || asked !== form) return;
    acknowledged = Math.max(acknowledged, now);
    if (changed && turn === now) { localStorage.removeItem(kept); if (told.kept) say(keptAt(told.kept), "kept"); }
    showOthers(told);
    if (turn !== now) later(SOON);
  } finally { sending = false; }
}

function lost(text) {
  if (turn !== acknowledged) keepHere();
  say(text, "lost");
  later(AGAIN);
}

function later(wait) { clearTimeout(timer); timer = setTimeout(send, wait); }

function changed() {
  turn += 1;
  keepHere();
  say("Đang gõ…", "typing");
  later(SOON);
}

// What an earlier page could not send comes back: the server keeps it now, and draws the page with it.
async function takeUp() {
  for (const key of Object.keys(localStorage).filter((each) => each.startsWith(prefix()))) {
    let kept;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch { kept = null; }
    if (!kept?.filled) { localStorage.removeItem(key); continue; }
    if (kept.who !== form.dataset.who || key === shelf()) continue;
    const as = key.slice(prefix().length);
    const answer = await post(form.dataset.draft, body(kept.filled, { as })).catch(() => null);
    if (!answer?.ok || answer.redirected) return; // it stays on its shelf
    localStorage.removeItem(key);
    if (!(await answer.json()).kept) continue; // the file has it by now
    if (turn === acknowledged) location.replace(`${location.pathname}?draft=${as}`);
    return;
  }
}

function begin() {
  const found = document.querySelector("form[data-draft]");
  if (!found || found === form) return;
  const wasThere = form;
  form = found;
  if (wasThere) changed(); // drawn anew with another row or template
  else takeUp().then(send);
}

function typed({ target }) { if (target.form === form && !OURS.has(target.name)) changed(); }

document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (document.querySelector("form[data-draft]") !== form) begin();
  else if (detail.requestConfig?.elt.name === "move") changed();
});
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // what it held may be in the file by now
addEventListener("online", () => send());
setInterval(() => { if (!document.hidden) send(); }, HERE);
addEventListener("pagehide", () => {
  if (turn !== acknowledged) navigator.sendBeacon(form.dataset.draft, body(pairs()));
  navigator.sendBeacon(`/entries/${form.dataset.entry}/edit/leave`, body([], { changed: false }));
});

begin();
