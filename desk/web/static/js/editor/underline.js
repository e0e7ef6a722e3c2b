// Underline what the check has something to say about, under the letters that stand in the field now.
import { InputRange } from "/static/vendor/dom-input-range-2.0.1/index.js";

let marks = [], frame = 0;

function take(found) {
  marks = [];
  for (const [name, list] of Object.entries(found)) {
    const field = document.getElementById(`f.${name}`);
    if (field) for (const [start, end, text] of list) marks.push({ field, start, words: field.value.slice(start, end), text });
  }
  draw();
}

// Letters typed before a mark move it; a mark whose words are gone is none.
function place(mark) {
  const { field, words } = mark;
  if (field.value.slice(mark.start, mark.start + words.length) === words) return mark.start;
  const near = field.value.indexOf(words, Math.max(0, mark.start - 80));
  if (near >= 0) mark.start = near;
  return near;
}

function draw() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => {
    const boxes = new Map();
    for (const mark of marks) {
      const box = mark.field.closest(".field-box");
      if (!box?.isConnected || !mark.words) continue;
      const start = place(mark), shown = mark.field.getBoundingClientRect(), home = box.getBoundingClientRect();
      if (start < 0 || !shown.width) continue;
      const lines = boxes.get(box) ?? boxes.set(box, []).get(box);
      for (const line of new InputRange(mark.field, start, start + mark.words.length).getClientRects()) {
        if (line.bottom > shown.bottom || line.top < shown.top) continue; // scrolled out of sight
        const bar = document.createElement("i");
        Object.assign(bar.style, { left: `${line.left - home.left}px`, top: `${line.bottom - home.top - 2}px`, width: `${line.width}px` });
        bar.dataset.words = mark.words;
        lines.push(bar);
      }
    }
    for (const layer of document.querySelectorAll(".underlines")) layer.replaceChildren(...(boxes.get(layer.parentElement) ?? []));
  });
}

document.addEventListener("editor:marks", (event) => take(event.detail));
document.addEventListener("input", draw);
document.addEventListener("scroll", draw, { capture: true, passive: true });
document.addEventListener("toggle", draw, { capture: true });
addEventListener("resize", draw);
document.fonts.ready.then(draw);
