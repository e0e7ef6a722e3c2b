// Where somebody is on a page who has no mouse: a part that is drawn anew gives the focus back, Escape closes what lies over the page.
const CARDS = "details.me, details.deed, details.pause, details.sure"; // their contents lie over the page
const SEEN = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";

// What an element is called among its like, so that it is found again in a part of the page that has been made anew.
function mark(element) {
  const names = ["id", "name", "value", "href", "data-jump", "data-line"].filter((name) => element.hasAttribute(name));
  return element.localName + names.map((name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`).join("");
}

// Remember where the focus is within a part that goes away; return how to bring it back once the part is there again.
function remember(part) {
  const focused = document.activeElement;
  if (!part || !focused || focused === document.body || !part.contains(focused)) return () => {};
  const sought = [mark(focused)];
  if (focused.name) sought.push(`${focused.localName}[name="${CSS.escape(focused.name)}"]`);
  if (focused.id) sought.unshift(`#${CSS.escape(focused.id)}`);
  const like = [...part.querySelectorAll(sought[0])].indexOf(focused);
  const around = [];
  for (let above = focused.parentElement; above && above !== document.body; above = above.parentElement) if (above.id) around.push(above.id);
  return () => {
    if (document.activeElement && document.activeElement !== document.body) return; // somebody else knew better
    const home = around.map((id) => document.getElementById(id)).find(Boolean) ?? document.getElementById("main");
    const whole = part.isConnected ? part : document.getElementById(part.id) ?? home;
    const found = sought.map((selector) => whole.querySelectorAll(selector)).find((list) => list.length);
    stand(found ? found[Math.max(0, Math.min(like, found.length - 1))] : home);
  };
}

// What cannot take the focus by itself takes it this once, so that Tab goes on from there.
function stand(element) {
  if (!element) return;
  if (!element.matches(SEEN)) element.tabIndex = -1;
  element.focus({ preventScroll: element.id === "main" });
}

let back = () => {}, tabbing = false;
document.addEventListener("htmx:beforeSwap", (event) => { back = remember(event.detail.target); });
document.addEventListener("htmx:afterSwap", () => { back(); back = () => {}; }); // at once: a key may be pressed before all is settled

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
