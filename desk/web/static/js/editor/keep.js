// Nothing typed is lost: each letter is kept in this browser at once and on the server within a second, until the file has it.
// The page says which of the two it is, and who else has the entry open.
import { AGAIN, HERE, SOON, answered, clock, keptAt, say, showOthers } from "./keep-words.js";

let form, turn = 0, acknowledged = 0, timer = null, sending = false, saving = false, sentFields = null, rescue = [];

const fields = () => [...form.querySelectorAll("[name^='f.']")];
const values = () => Object.fromEntries(fields().map((each) => [each.name.slice(2), each.value]));
const hidden = (name) => form.querySelector(`input[name='${name}']`).value;
const who = () => form.dataset.who;
const shelf = () => `loa.draft.${form.dataset.entry}.${hidden("tab")}`;
const address = (what) => `/entries/${form.dataset.entry}/edit/${what}`;

function keepHere() {
  const kept = { at: clock(), who: who(), fields: values(), base: hidden("base"), digest: hidden("digest") };
  try { localStorage.setItem(shelf(), JSON.stringify(kept)); } catch { /* a full or forbidden shelf: the server still has it */ }
}

function body(changed) {
  const data = new URLSearchParams(new FormData(form));
  if (changed) data.set("changed", "1");
  return data;
}

async function send() {
  clearTimeout(timer);
  if (sending || saving || !form.isConnected) return;
  sending = true;
  const now = turn, changed = turn !== acknowledged, asked = form;
  try {
    const asking = { method: "POST", body: body(changed), headers: { "hx-request": "true" } };
    const told = await answered(() => fetch(address("draft"), asking), lost);
    if (!told || asked !== form || saving) return; // the file has it by now, or will have
    acknowledged = Math.max(acknowledged, now);
    if (changed && turn === now) { localStorage.removeItem(shelf()); say(keptAt(told.kept), "kept"); }
    showOthers(told);
    if (turn !== now) later(SOON);
  } finally { sending = false; }
}

function lost(text) {
  keepHere();
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

// What an earlier page could not send comes back, unless the server has a draft of its own that is being shown.
function takeUp() {
  const start = `loa.draft.${form.dataset.entry}.`;
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(start));
  for (const key of keys) {
    let kept;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch { kept = null; }
    if (!kept?.fields) { localStorage.removeItem(key); continue; }
    if (kept.who && who() && kept.who !== who()) continue;
    localStorage.removeItem(key);
    const other = fields().filter((each) => each.name.slice(2) in kept.fields && kept.fields[each.name.slice(2)] !== each.value);
    if (!other.length) continue;
    for (const each of other) each.value = kept.fields[each.name.slice(2)];
    const took = form.querySelector("input[name='took']");
    if (`${start}${took.value}` !== key) took.value = ""; // the server's draft is another one: it stays beside this
    form.querySelector("input[name='base']").value = kept.base;
    form.querySelector("input[name='digest']").value = kept.digest;
    changed();
    say(`Đã lấy lại chữ gõ lúc ${kept.at} mà lần trước chưa gửi được.`, "kept");
    document.dispatchEvent(new CustomEvent("editor:changed"));
    break;
  }
}

function begin() {
  const found = document.getElementById("editor");
  if (!found || found === form) return;
  form = found;
  acknowledged = turn;
  takeUp();
  send();
}

document.addEventListener("input", (event) => { if (event.target.name?.startsWith("f.")) changed(); });
addEventListener("online", () => send());
setInterval(() => { if (!document.hidden) send(); }, HERE);
addEventListener("pagehide", () => {
  if (turn !== acknowledged) navigator.sendBeacon(address("draft"), body(true));
  navigator.sendBeacon(address("leave"), body(false));
});

// Saving: an answer that is no success is shown on the page, and what was typed while it was under way stays.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt !== form) return;
  saving = true;
  clearTimeout(timer);
  sentFields = values();
  keepHere();
  say("Đang lưu…", "typing");
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.elt !== form) return;
  if ([409, 422].includes(event.detail.xhr.status)) event.detail.shouldSwap = true, event.detail.isError = false;
  else if (event.detail.xhr.status >= 400) {
    const told = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector("main p, main h1, body");
    say(`Chưa lưu được. ${told?.textContent.trim().slice(0, 300) ?? ""} Chữ bạn viết vẫn ở đây.`, "lost");
  }
  if (event.detail.shouldSwap) rescue = Object.entries(values()).filter(([name, value]) => sentFields?.[name] !== value);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig?.verb !== "post") return;
  saving = false;
  if (turn !== acknowledged) later(SOON);
});
document.addEventListener("htmx:sendError", (event) => {
  if (event.detail.elt === form) lost("Chưa lưu được: mất kết nối. Chữ bạn viết vẫn ở đây và trên máy này; có mạng lại hãy bấm Lưu.");
});
document.addEventListener("htmx:afterSwap", () => {
  const old = form, shelved = old && `loa.draft.${old.dataset.entry}.${old.querySelector("input[name='tab']").value}`;
  if (document.getElementById("editor") === old) return;
  if (shelved) localStorage.removeItem(shelved); // the server has kept it as a draft, or the file has it
  begin();
  for (const [name, value] of rescue) { const field = document.getElementById(`f.${name}`); if (field) field.value = value; }
  if (rescue.length) changed();
  document.querySelector(".edit-told")?.scrollIntoView({ block: "nearest" });
  const refused = document.querySelector(".edit-failed[role=alert]"); // one goes on at what was said
  if (refused && !rescue.length) (refused.querySelector("a, input") ?? refused).focus();
  rescue = [];
  document.dispatchEvent(new CustomEvent("editor:changed"));
});

begin();
// The policy of our pages lets no script write a style attribute.
addEventListener("DOMContentLoaded", () => { htmx.config.attributesToSettle = ["class", "width", "height"]; });
