// Where somebody is on a page who has no mouse: a part that is drawn anew gives the focus back, Escape closes what lies over the page.
const CARDS = "details.me, details.deed, details.pause, details.sure"; // their contents lie over the page
const SEEN = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";

// What an element is called among its like, so that it is found again in a part of the page that has been made anew.
function mark(element) {
  const names = ["id", "name", "value", "href", "data-jump", "data-line"].filter((name) => element.hasAttribute(name));
  return element.localName + names.map((name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`).join("");
}

// Where the focus is within a part that goes away, in words; nothing where it is not in it.
function placeOf(part) {
  const focused = document.activeElement;
  if (!part || !focused || focused === document.body || !part.contains(focused)) return null;
  const sought = [mark(focused)];
  if (focused.name) sought.push(`${focused.localName}[name="${CSS.escape(focused.name)}"]`);
  if (focused.id) sought.unshift(`#${CSS.escape(focused.id)}`);
  const like = [...part.querySelectorAll(sought[0])].indexOf(focused);
  const around = [];
  for (let above = focused.parentElement; above && above !== document.body; above = above.parentElement) if (above.id) around.push(above.id);
  return { sought, like, around };
}

// Bring the focus back to its place in a part that is there again, or as near as there is anything.
function standAgain({ sought, like, around }, part) {
  if (document.activeElement && document.activeElement !== document.body) return; // somebody else knew better
  const home = around.map((id) => document.getElementById(id)).find(Boolean) ?? document.getElementById("main");
  const whole = part?.isConnected ? part : document.getElementById(part?.id) ?? home;
  const found = sought.map((selector) => whole.querySelectorAll(selector)).find((list) => list.length);
  stand(found ? found[Math.max(0, Math.min(like, found.length - 1))] : home);
}

// Remember where the focus is within a part that goes away; return how to bring it back once the part is there again.
function remember(part) {
  const place = placeOf(part);
  return () => { if (place) standAgain(place, part); };
}

// What cannot take the focus by itself takes it this once, so that Tab goes on from there.
function stand(element) {
  if (!element) return;
  if (!element.matches(SEEN)) element.tabIndex = -1;
  element.focus({ preventScroll: element.id === "main" });
}

// What has the focus stays in sight where a part above it grows; who has scrolled away from it is left where they are.
function holdInSight() {
  const focused = document.activeElement;
  const isSeen = () => {
    const { top, bottom } = focused.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  if (!focused || focused === document.body || !isSeen()) return () => {};
  return () => { if (focused.isConnected && focused === document.activeElement && !isSeen()) focused.scrollIntoView({ block: "nearest", behavior: "instant" }); };
}

let back = () => {}, inSight = () => {}, tabbing = false;
document.addEventListener("htmx:beforeSwap", (event) => { back = remember(event.detail.target); inSight = holdInSight(); });
document.addEventListener("htmx:afterSwap", () => { // at once: a key may be pressed before all is settled
  back();
  inSight();
  back = inSight = () => {};
});

let again = () => {}; // the same for what a page's own script draws anew
document.addEventListener("loa:leaves", (event) => { again = remember(event.target); });
document.addEventListener("loa:came", () => { again(); again = () => {}; });

document.addEventListener("pointerdown", () => { tabbing = false; });
document.addEventListener("keydown", (event) => {
  tabbing = event.key === "Tab";
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const open = document.activeElement?.closest(`:is(${CARDS})[open]`) ?? document.querySelector(`:is(${CARDS})[open]`);
  if (!open || document.querySelector("dialog[open]")) return;
  open.open = false;
  open.querySelector("summary").focus();
});
// A card that somebody has left by Tab lies over what comes next: it closes.
document.addEventListener("focusout", (event) => {
  const card = event.target.closest(`:is(${CARDS})[open]`);
  if (tabbing && card && event.relatedTarget && !card.contains(event.relatedTarget)) card.open = false;
});

// A form that was refused comes back with its page: one goes on at the first field that is wrong, or at what was said.
function goOn() {
  const refused = performance.getEntriesByType("navigation")[0]?.responseStatus >= 400;
  const wrong = refused && (document.querySelector("main [aria-invalid=true]") ?? document.querySelector("main [role=alert]"));
  if (!wrong || document.activeElement !== document.body) return;
  for (let above = wrong.parentElement; above; above = above.parentElement) if (above.localName === "details") above.open = true;
  stand(wrong.localName === "fieldset" ? wrong.querySelector("input") ?? wrong : wrong);
}
goOn();

// A page that loads itself anew, because what it waited for is there: what was typed stays, and one stands where one stood.
const KEPT = "loa-reloaded", FRESH = 60000; // milliseconds
const TYPED = "textarea, select, input:not([type=hidden], [type=file], [type=password])";

const ofForm = (form) => new URL(form.action, location.href).pathname;
const chosen = (each) => (each.matches("[type=checkbox], [type=radio]") ? each.checked : each.value);
const asDrawn = (each) => {
  if (each.matches("[type=checkbox], [type=radio]")) return each.defaultChecked;
  return each.localName === "select" ? ([...each.options].find((option) => option.defaultSelected) ?? each.options[0])?.value : each.defaultValue;
};

function typedWords() {
  const found = [];
  for (const form of document.forms) {
    const like = [...document.forms].filter((each) => ofForm(each) === ofForm(form)).indexOf(form);
    for (const each of form.querySelectorAll(TYPED)) {
      if (!each.name || chosen(each) === asDrawn(each)) continue;
      const number = [...form.querySelectorAll(TYPED)].filter((other) => other.name === each.name).indexOf(each);
      found.push({ form: ofForm(form), like, name: each.name, number, value: chosen(each) });
    }
  }
  return found;
}

function typeAgain(words) {
  for (const { form, like, name, number, value } of words) {
    const whole = [...document.forms].filter((each) => ofForm(each) === form)[like];
    const field = whole && [...whole.querySelectorAll(TYPED)].filter((each) => each.name === name)[number];
    if (!field) continue;
    if (typeof value === "boolean") field.checked = value; else field.value = value;
    for (let above = field.parentElement; above; above = above.parentElement) if (above.localName === "details") above.open = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.getResponseHeader("hx-refresh") !== "true") return;
  const main = document.getElementById("main");
  const kept = { page: location.href, at: Date.now(), words: typedWords(), place: placeOf(main), top: scrollY };
  try { sessionStorage.setItem(KEPT, JSON.stringify(kept)); } catch { /* a forbidden shelf: the page is only loaded anew */ }
});

let kept = null;
try { kept = JSON.parse(sessionStorage.getItem(KEPT)); sessionStorage.removeItem(KEPT); } catch { kept = null; }
if (kept && kept.page === location.href && Date.now() - kept.at < FRESH) {
  typeAgain(kept.words);
  if (kept.place) standAgain(kept.place, document.getElementById("main"));
  scrollTo({ top: kept.top, behavior: "instant" });
}
