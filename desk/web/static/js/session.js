// A session that ends while somebody types: nothing typed is lost, on this page or through the sign-in pages.
const KEPT = "loa-kept";

const signedOut = document.getElementById("signed-out");

function askToSignIn() {
  if (signedOut && !signedOut.open) signedOut.showModal();
}

// Another tab may have signed in anew: the forms of this page take the new session's word.
async function takeNewWord() {
  const answer = await fetch("/session", { headers: { "hx-request": "true" } });
  if (!answer.ok) return false;
  const { csrf } = await answer.json();
  document.body.dataset.csrf = csrf;
  document.body.setAttribute("hx-headers", JSON.stringify({ "x-csrf": csrf }));
  for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = csrf;
  return true;
}

async function comeBack() {
  const said = document.getElementById("signed-out-said");
  if (await takeNewWord()) signedOut.close();
  else if (said) said.textContent = "Chưa thấy phiên mới. Hãy đăng nhập trong thẻ kia trước.";
}

document.body.addEventListener("loa:signed-out", askToSignIn);
document.body.addEventListener("loa:stale", takeNewWord);
document.getElementById("signed-out-back")?.addEventListener("click", comeBack);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && signedOut?.open) comeBack();
});

// What was typed goes along in this tab until its page is open again.
const carried = document.querySelector("[data-kept]");
if (carried?.dataset.kept) sessionStorage.setItem(KEPT, carried.dataset.kept);

function fill(form, fields) {
  const seen = new Map();
  for (const [name, value] of fields) {
    const controls = [...form.elements].filter((each) => each.name === name && each.type !== "hidden" && each.type !== "file");
    const choices = controls.filter((each) => each.type === "radio" || each.type === "checkbox");
    const number = seen.get(name) ?? 0;
    seen.set(name, number + 1);
    if (choices.length) choices.forEach((each) => { if (each.value === value) each.checked = true; });
    else if (controls[number]) controls[number].value = value;
    (choices[0] ?? controls[number])?.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function giveBack() {
  const text = sessionStorage.getItem(KEPT);
  if (!text || carried || !document.body.dataset.csrf) return;
  const kept = JSON.parse(text);
  if (new URL(kept.page, location.href).pathname !== location.pathname) return;
  const form = [...document.forms].find((each) => new URL(each.action, location.href).pathname === new URL(kept.action, location.href).pathname);
  if (!form) return;
  sessionStorage.removeItem(KEPT);
  for (let above = form.parentElement; above; above = above.parentElement) if (above.tagName === "DETAILS") above.open = true;
  fill(form, kept.fields);
  const note = document.createElement("p");
  note.className = "note kept-note";
  note.setAttribute("role", "status");
  note.textContent = "Đã điền lại những gì bạn gõ trước khi hết phiên. Hãy xem lại rồi gửi.";
  form.prepend(note);
  note.scrollIntoView({ block: "center" });
}

giveBack();

// Signed in again: back to the page itself, where the form is filled; without this script the form can be sent from here.
const again = document.querySelector("form.kept[data-again]");
if (again) location.replace(document.getElementById("kept-page").href);
