// What is typed, looked at by the server soon after: what stands against it, when it goes out, and a channel's post.
const SOON = 350;
let timer = null, asked = null;
const editor = () => document.getElementById("editor");
const byId = (id) => document.getElementById(id);

function soon() { clearTimeout(timer); timer = setTimeout(look, SOON); }

async function look() {
  const form = editor();
  if (!form) return;
  asked?.abort();
  asked = new AbortController();
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(`/entries/${form.dataset.entry}/edit/look`, { method: "POST", body, signal: asked.signal, headers: { "hx-request": "true" } });
    if (!answer.ok || answer.redirected) return;
    show(await answer.json());
  } catch (error) {
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error; // nobody answers: the page says so already
  }
}

function show({ parts, notes, marks }) {
  for (const [part, html] of Object.entries(parts)) {
    const box = byId(`edit-${part}`);
    const open = [...box.querySelectorAll("details")].map((each) => each.open);
    const focus = document.activeElement && box.contains(document.activeElement) ? document.activeElement.value || document.activeElement.dataset.jump : null;
    box.innerHTML = html; // made and escaped by our own server
    box.querySelectorAll("details").forEach((each, index) => { each.open = open[index] ?? false; });
    if (focus) box.querySelector(`[value="${CSS.escape(focus)}"], [data-jump="${CSS.escape(focus)}"]`)?.focus();
  }
  for (const field of editor().querySelectorAll("[data-field]")) tell(field, notes[field.dataset.field] ?? []);
  const wrong = byId("problems-title").dataset.wrong;
  for (const count of editor().querySelectorAll(".edit-count")) { count.textContent = wrong; count.dataset.count = wrong; }
  document.dispatchEvent(new CustomEvent("editor:marks", { detail: marks }));
}

function tell(field, list) {
  const box = field.querySelector(".notes"), input = field.querySelector("textarea, input");
  const lines = list.map(([text, warning]) => Object.assign(document.createElement("li"), { textContent: text, className: warning ? "warning" : "" }));
  if (lines.map((line) => line.textContent).join("\n") !== [...box.children].map((line) => line.textContent).join("\n")) box.replaceChildren(...lines);
  if (list.some(([, warning]) => !warning)) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function view(name) {
  editor().dataset.view = name;
  for (const button of editor().querySelectorAll(".edit-views button")) button.setAttribute("aria-pressed", String(button.dataset.view === name));
}

function jump(name) {
  const field = byId(`f.${name}`);
  if (!field) return;
  view("write");
  const group = field.closest("details");
  if (group) group.open = true;
  field.focus();
  field.scrollIntoView({ block: "center" });
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a");
  if (!target || !editor()?.contains(target)) return;
  if (target.name === "show") {
    event.preventDefault();
    editor().elements.channel.value = target.value;
    look();
  } else if (target.dataset.jump) { event.preventDefault(); jump(target.dataset.jump); }
  else if (target.dataset.view) view(target.dataset.view);
  else if ("take" in target.dataset) {
    const field = target.closest("[data-field]").querySelector("textarea, input");
    field.value = target.dataset.take;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }
});
document.addEventListener("input", (event) => { if (event.target.name?.startsWith("f.")) soon(); });
document.addEventListener("editor:changed", look);
look();
