// Type @ to quote a fact: a list by keyboard, found with or without Vietnamese marks.
const make = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });

async function find(entry, words) {
  try {
    const answer = await fetch(`/entries/${entry}/edit/facts?q=${encodeURIComponent(words)}`);
    return answer.ok ? await answer.json() : [];
  } catch { return []; } // no line: the person goes on typing
}

function option(fact, index) {
  const item = make("li", "fact-option", "");
  Object.assign(item, { role: "option", id: `fact-option-${index}` });
  item.dataset.quote = fact.quote;
  const source = [fact.source, fact.as_of && `tính đến ${fact.as_of}`].filter(Boolean).join(" · ");
  item.append(make("strong", "", fact.words), make("span", "fact-kind", ` ${fact.kind} · ${fact.id}`), make("span", "fact-source", source));
  return item;
}

let asked = 0;

async function offer(entry, words) {
  const mine = ++asked;
  const facts = await find(entry, words);
  if (mine !== asked) return new Promise(() => {}); // a slow answer to fewer letters must not take the newer list's place
  const list = make("ul", "fact-list-box", "");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Dữ kiện");
  list.append(...facts.map(option));
  return { matched: facts.length > 0, fragment: list };
}

document.addEventListener("text-expander-change", (event) => {
  event.detail.provide(offer(event.target.closest("[data-entry]").dataset.entry, event.detail.text));
}, { capture: true });
document.addEventListener("text-expander-value", (event) => { event.detail.value = event.detail.item.dataset.quote; }, { capture: true });
document.addEventListener("text-expander-committed", (event) => {
  event.detail.input.dispatchEvent(new Event("input", { bubbles: true }));
}, { capture: true });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const field = document.getElementById(button.closest("markdown-toolbar").getAttribute("for"));
  const before = field.value[field.selectionStart - 1];
  field.focus();
  field.setRangeText((before && !/\s/.test(before) ? " " : "") + button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
