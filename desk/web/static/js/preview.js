// The light table's page: asks whether a file has changed, builds the form from the template's contract, and has every size drawn.
const byId = (id) => document.getElementById(id);
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
};

let state = null; // the template as the server last read it
let chosen = readAddress();
const edits = {}; // sample -> field -> the value tried on this page
const shots = new Map(); // size -> its figure
let turn = 0; // a later drawing makes an earlier one worthless

function readAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  return { sample: parts.get("sample"), theme: parts.get("theme"), scale: parts.get("scale") ?? "fit" };
}

function writeAddress() {
  history.replaceState(null, "", "#" + new URLSearchParams(Object.entries(chosen).filter(([, value]) => value)));
}

function say(kind, words) {
  byId("watch").dataset.state = kind;
  byId("watch").lastElementChild.textContent = words;
  byId("watch").title = words;
}

// what the page shows

async function readState() {
  state = await (await fetch("/state")).json();
  const kept = (list, value) => (list.some((one) => one.id === value) ? value : list[0].id);
  if (state.kind) {
    chosen.sample = state.samples.length ? kept(state.samples, chosen.sample) : null;
    chosen.theme = kept(state.themes, chosen.theme);
    byId("name").textContent = state.name;
    fillChoices("samples", state.samples, "sample");
    fillChoices("themes", state.themes, "theme");
    arrange();
    fillForm();
  }
  if (state.problems.length) {
    showProblems(state.problems.map((problem) => ({ ...problem, sizes: [] })), shots.size ? "Tệp có lỗi, đang giữ hình đúng gần nhất" : "Tệp có lỗi");
    for (const shot of shots.values()) shot.node.dataset.stale = "true";
    say("wrong", "Tệp có lỗi");
  } else await drawAll();
}

function fillChoices(id, list, key) {
  const box = byId(id).querySelector("div");
  box.replaceChildren(...list.map((one) => make("button", {
    type: "button", text: one.label, title: one.id, "aria-pressed": String(chosen[key] === one.id),
    onclick: () => choose(id, key, one.id),
  })));
  byId(id).hidden = !list.length;
}

function choose(id, key, value) {
  chosen[key] = value;
  writeAddress();
  for (const button of byId(id).querySelectorAll("button")) button.setAttribute("aria-pressed", String((button.dataset.value ?? button.title) === value));
  if (key === "scale") return arrange();
  if (key === "sample") fillForm();
  drawAll();
}

// the pictures

function arrange() {
  const gallery = byId("gallery");
  gallery.dataset.scale = chosen.scale;
  for (const [size, shot] of shots) if (!state.sizes.some((one) => one.id === size)) { shot.node.remove(); shots.delete(size); }
  for (const size of [...state.sizes].sort((one, other) => one.width / one.height - other.width / other.height)) {
    if (!shots.has(size.id)) shots.set(size.id, makeShot(size));
    const shot = shots.get(size.id);
    gallery.append(shot.node);
    shot.node.style.setProperty("--shot-width", `${shownWidth(size)}px`);
    shot.frame.style.aspectRatio = `${size.width} / ${size.height}`;
    shot.node.querySelector("figcaption b").textContent = size.id;
    shot.node.querySelector("figcaption span").textContent = `${size.width} × ${size.height}`;
  }
  for (const button of byId("scales").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.value === chosen.scale));
    button.onclick = () => choose("scales", "scale", button.dataset.value);
  }
}

// Pictures of one page stand at about the same area, so that none outshouts the others.
function shownWidth(size) {
  if (chosen.scale === "phone") return 390;
  if (chosen.scale === "whole") return size.width;
  return Math.round(Math.min(640, Math.sqrt(138000 * size.width / size.height)));
}

function makeShot(size) {
  const node = byId("figure").content.firstElementChild.cloneNode(true);
  const shot = {
    size: size.id, node, frame: node.querySelector(".shot-frame"), image: node.querySelector("img"), marks: node.querySelector(".shot-marks"),
    blank: node.querySelector(".shot-blank"), scrub: node.querySelector(".scrub"), range: node.querySelector("input"), drawn: null, at: null,
  };
  shot.image.alt = `${size.id}, ${size.width} × ${size.height}`;
  shot.range.addEventListener("input", () => showFrame(shot, Number(shot.range.value)));
  node.querySelector(".scrub-play").addEventListener("click", () => play(shot));
  return shot;
}

const later = (wait, work) => { let timer; return () => { clearTimeout(timer); timer = setTimeout(work, wait); }; };
const drawSoon = later(220, () => drawAll());

// how many sizes are drawn, and the seconds that the others will take at this pace
function drawingWords(done, began) {
  const left = Math.ceil((performance.now() - began) / 1000 / done * (shots.size - done));
  const wait = done && left > 1 ? `, còn khoảng ${left} giây` : "…";
  return `Đang vẽ khổ ${done + 1}/${shots.size}${wait}`;
}

async function drawAll() {
  const mine = ++turn, began = performance.now();
  let done = 0;
  const found = new Map();
  for (const shot of shots.values()) shot.node.dataset.busy = "true";
  for (const shot of shots.values()) {
    say("busy", drawingWords(done++, began));
    const drawn = await draw(shot.size);
    if (mine !== turn) return;
    if (drawn) { await show(shot, drawn); gather(found, drawn.problems, shot.size); }
    shot.node.dataset.busy = shot.node.dataset.stale = "false";
  }
  showProblems([...found.values()], null);
  say("idle", "Đang theo dõi tệp");
}

async function draw(size) {
  const wish = { size, theme: chosen.theme, sample: chosen.sample ?? "", data: dataNow() };
  const answer = await fetch("/draw", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(wish) });
  return answer.ok ? answer.json() : null;
}

async function show(shot, drawn) {
  shot.drawn = drawn;
  shot.scrub.hidden = !drawn.clip;
  shot.blank.hidden = Boolean(drawn.picture || drawn.clip);
  const wrong = drawn.problems.filter((problem) => problem.wrong).length;
  const count = shot.node.querySelector(".shot-count");
  count.textContent = drawn.problems.length ? `${drawn.problems.length} vướng mắc` : "";
  count.classList.toggle("warning", !wrong);
  if (drawn.clip) return showClip(shot);
  if (drawn.picture) await load(shot.image, drawn.picture);
  else { shot.image.removeAttribute("src"); shot.blank.textContent = drawn.problems.map((problem) => problem.message).join(" · "); }
  showMarks(shot, drawn.marks);
}

async function load(image, address) {
  if (image.getAttribute("src") === address) return;
  const next = new Image();
  next.src = address;
  try { await next.decode(); image.src = address; } catch { /* a newer drawing has taken its place */ }
}

function showMarks(shot, marks) {
  shot.marks.replaceChildren(...marks.map((mark) => {
    const box = make("b", { class: `${mark.wrong ? "wrong" : "warning"}${mark.top < 0.06 ? " inside" : ""}` }, make("span", { text: mark.name }));
    const [left, top] = [Math.max(0, mark.left), Math.max(0, mark.top)];
    const beside = 5; // px between the words and their frame
    box.style.left = `calc(${100 * left}% - ${beside}px)`;
    box.style.top = `calc(${100 * top}% - ${beside}px)`;
    box.style.width = `calc(${100 * Math.min(1 - left, mark.width + Math.min(0, mark.left))}% + ${2 * beside}px)`;
    box.style.height = `calc(${100 * Math.min(1 - top, mark.height + Math.min(0, mark.top))}% + ${2 * beside}px)`;
    return box;
  }));
}

// clips

function showClip(shot) {
  const clip = shot.drawn.clip;
  shot.range.max = String(clip.frames - 1);
  shot.node.querySelector(".scrub-scenes").replaceChildren(...clip.scenes.map((scene) => {
    const bar = make("i", { title: scene.id });
    bar.style.left = `${100 * scene.start / clip.frames}%`;
    bar.style.width = `calc(${100 * (scene.end - scene.start) / clip.frames}% - 2px)`;
    return bar;
  }));
  const at = shot.at === null ? clip.poster : Math.min(shot.at, clip.frames - 1);
  return showFrame(shot, at);
}

async function showFrame(shot, number) {
  const clip = shot.drawn.clip;
  shot.at = number;
  shot.range.value = String(number);
  const scene = clip.scenes.findLast((one) => one.start <= number);
  shot.node.querySelector("output").textContent = `${(number / clip.rate).toFixed(1).replace(".", ",")} / ${(clip.frames / clip.rate).toFixed(1).replace(".", ",")} s`;
  shot.range.setAttribute("aria-valuetext", `${scene.id}, ${(number / clip.rate).toFixed(1)} giây`);
  shot.node.querySelectorAll(".scrub-scenes i").forEach((bar, index) => bar.classList.toggle("here", clip.scenes[index] === scene));
  showMarks(shot, shot.drawn.marks.filter((mark) => mark.start === null || (mark.start <= number && number < mark.end)));
  if (shot.loading) return; // the frame that is wanted last is asked for when the one under way has come
  shot.loading = true;
  while (shot.shownFrame !== `${shot.drawn.digest}/${shot.at}`) {
    const wanted = `${shot.drawn.digest}/${shot.at}`;
    await load(shot.image, `/frame/${wanted}`);
    shot.shownFrame = wanted;
  }
  shot.loading = false;
}

function play(shot) {
  const button = shot.node.querySelector(".scrub-play");
  const running = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(running));
  button.setAttribute("aria-label", running ? "Dừng" : "Chạy");
  if (!running) return;
  const { frames, rate } = shot.drawn.clip;
  const began = performance.now() - 1000 * (shot.at >= frames - 1 ? 0 : shot.at) / rate;
  const step = async () => {
    if (button.getAttribute("aria-pressed") !== "true") return;
    const number = Math.round((performance.now() - began) / 1000 * rate);
    await showFrame(shot, Math.min(number, frames - 1));
    if (number >= frames - 1) play(shot);
    else requestAnimationFrame(step);
  };
  step();
}

// problems

function gather(found, problems, size) {
  for (const problem of problems) {
    const key = `${problem.where}|${problem.key}|${problem.message}`;
    if (!found.has(key)) found.set(key, { ...problem, sizes: [] });
    found.get(key).sizes.push(size);
  }
}

function showProblems(list, title) {
  const box = byId("problems");
  list.sort((one, other) => Number(other.wrong) - Number(one.wrong));
  box.hidden = !list.length;
  box.dataset.wrong = String(list.some((problem) => problem.wrong));
  box.querySelector("h2").textContent = title ?? `${list.length} vướng mắc`;
  box.querySelector("ul").replaceChildren(...list.map((problem) => make("li", { class: problem.wrong ? "wrong" : "" }, make("div", {},
    make("code", { text: [problem.where, problem.key].filter(Boolean).join(" ") }), make("br"),
    make("span", { text: problem.message }), make("span", { class: "where", text: problem.sizes.length ? ` (${problem.sizes.join(", ")})` : "" })))));
}

// the form

const sampleData = () => state.samples.find((sample) => sample.id === chosen.sample)?.data ?? {};
const tried = () => (edits[chosen.sample] ??= {});
const dataNow = () => {
  const data = { ...sampleData(), ...tried() };
  for (const name of Object.keys(data)) if (data[name] === "" || data[name] === null) delete data[name];
  return data;
};
const typed = (kind, text) => (kind === "figure" && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

function fillForm() {
  if (byId("form").contains(document.activeElement) && Object.keys(tried()).length) return; // not under somebody's fingers
  byId("form").replaceChildren(suggestions("pictures"), suggestions("icons"), ...state.fields.map(makeField));
  byId("reset").hidden = !Object.keys(tried()).length;
}

function suggestions(id) {
  return make("datalist", { id }, ...state[id].map((value) => make("option", { value })));
}

function makeField(field) {
  const value = tried()[field.name] ?? sampleData()[field.name] ?? null;
  const node = make(field.type === "list" ? "fieldset" : "div", { class: `field${field.name in tried() ? " edited" : ""}` });
  const count = make("em");
  const head = make(field.type === "list" ? "legend" : "label", field.type === "list" ? {} : { for: `field-${field.name}` }, make("span", { text: field.label + (field.required ? " *" : "") }), count);
  const change = (next) => {
    tried()[field.name] = next;
    node.classList.add("edited");
    byId("reset").hidden = false;
    tell(next);
    drawSoon();
  };
  const tell = (now) => {
    if (!field.max) return;
    const long = field.type === "list" ? (now ?? []).length : String(now ?? "").length;
    count.textContent = `${long}/${field.max}`;
    count.classList.toggle("over", long > field.max);
  };
  tell(value);
  node.append(head, field.type === "list" ? makeRows(field, value ?? [], change) : makeInput(`field-${field.name}`, field.type, value, change, field.max ?? 0));
  return node;
}

function makeInput(id, kind, value, change, long = 0) {
  if (kind === "flag") return make("input", { id, type: "checkbox", checked: Boolean(value), onchange: (event) => change(event.target.checked) });
  if (kind === "figure" && value && typeof value === "object") return makeFigure(id, value, change);
  const shown = value === null || value === undefined ? "" : String(value);
  const oninput = (event) => change(typed(kind, event.target.value));
  if ((kind === "text" || kind === "source") && long > 60) {
    const area = make("textarea", { id, rows: "2", oninput });
    area.value = shown;
    return area;
  }
  const type = { date: "date", link: "url", qr: "url" }[kind] ?? "text";
  const list = { image: "pictures", photo: "pictures", logo: "pictures", shape: "pictures", icon: "icons" }[kind] ?? null;
  const input = make("input", { id, type, oninput, list, inputmode: kind === "figure" ? "decimal" : null });
  input.value = shown;
  return input;
}

function makeFigure(id, value, change) {
  const now = { ...value };
  const part = (name, words) => make("label", { class: "cell" }, words, makeInput(`${id}-${name}`, name === "value" ? "figure" : "text", now[name], (next) => { now[name] = next; change({ ...now }); }));
  return make("div", { class: "row" }, part("value", "số"), part("unit", "đơn vị"));
}

function makeRows(field, rows, change) {
  const now = structuredClone(rows);
  const box = make("div", { class: "rows" });
  const columns = Array.isArray(field.of) ? field.of : null;
  const fill = () => box.replaceChildren(
    ...now.map((row, index) => make("div", { class: "row" },
      make("div", { class: "row-head" }, `Dòng ${index + 1}`, make("button", { type: "button", text: "Bỏ dòng", onclick: () => { now.splice(index, 1); fill(); change([...now]); } })),
      ...(columns
        ? columns.map((column) => make("label", { class: "cell" }, column.name, makeInput(`${field.name}-${index}-${column.name}`, column.type, row?.[column.name], (next) => { now[index] = { ...now[index], [column.name]: next }; change([...now]); })))
        : [makeInput(`${field.name}-${index}`, field.of ?? "text", row, (next) => { now[index] = next; change([...now]); })]))),
    make("button", { type: "button", class: "add", text: "Thêm dòng", onclick: () => { now.push(columns ? {} : ""); fill(); change([...now]); } }));
  fill();
  return box;
}

byId("reset").addEventListener("click", () => { edits[chosen.sample] = {}; document.activeElement?.blur(); fillForm(); drawAll(); });
byId("form").addEventListener("submit", (event) => event.preventDefault());

// has a file changed?

async function watch() {
  try {
    const { version } = await (await fetch("/version")).json();
    if (!state || version !== state.version) await readState();
    else if (byId("watch").dataset.state === "lost") await readState();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // fetch says TypeError when nobody answers
    say("lost", "Đã ngắt: chạy lại ./loa preview");
  } finally {
    setTimeout(watch, document.hidden ? 2000 : 500);
  }
}
watch();
