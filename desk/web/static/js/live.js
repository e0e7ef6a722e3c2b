// Keeps a page of deliveries as the ledger is: the server names the deliveries that changed, the page asks for their lines anew.
const MOST_LINES = 25; // when more of the page than this changed at once, the whole list is asked for
const said = document.getElementById("live");
const awaited = new Set(); // deliveries that changed and whose line has not been asked for yet
let asking = false;

function say(state, words) {
  said.hidden = false;
  said.dataset.state = state;
  if (said.textContent !== words) said.textContent = words;
}

async function part(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const box = document.createElement("template");
  box.innerHTML = await answer.text();
  return box.content;
}

function put(found, fresh) {
  if (!found || !fresh) return;
  found.dispatchEvent(new CustomEvent("loa:leaves", { bubbles: true })); // the focus is kept by focus.js
  found.replaceWith(fresh);
  htmx.process(fresh);
  document.dispatchEvent(new CustomEvent("loa:came"));
}

// A row that a person has opened is drawn anew below its line; where the focus was, it is again.
async function renewLine(id) {
  const line = document.getElementById(`delivery-${id}`);
  if (!line) return;
  const opened = line.nextElementSibling?.classList.contains("detail-row") ? line.nextElementSibling : null;
  const fresh = (await part(`/deliveries/${id}?part=line`)).querySelector("tr");
  if (opened) put(opened, (await part(`/deliveries/${id}?part=row`)).querySelector("tr"));
  fresh.dataset.fresh = "";
  put(line, fresh);
}

// What a person has begun to decide stays as it is: the page says that the delivery has changed, and how to see it.
async function renewDelivery(page) {
  const fields = [...page.querySelectorAll(".decide :is(input, select, textarea)")];
  const begun = fields.some((each) => (each.type === "radio" ? each.checked !== each.defaultChecked : each.tagName === "SELECT" ? each.selectedIndex > 0 : each.value !== each.defaultValue));
  if (begun) return say("changed", "Lượt đăng này vừa đổi trạng thái. Tải lại trang để xem trước khi quyết định.");
  const fresh = await part(location.href);
  put(page, fresh.getElementById("delivery"));
  document.title = fresh.querySelector("title")?.textContent ?? document.title;
}

async function renewAll() {
  const fresh = await part(location.href);
  put(document.getElementById("list"), fresh.getElementById("list"));
}

async function renew() {
  if (asking) return;
  asking = true;
  try {
    while (awaited.size) {
      const ids = [...awaited];
      awaited.clear();
      const page = document.getElementById("delivery");
      if (page) {
        if (ids.includes(Number(page.dataset.delivery))) await renewDelivery(page);
        continue;
      }
      const shown = ids.filter((id) => document.getElementById(`delivery-${id}`));
      if (shown.length > MOST_LINES) await renewAll();
      else for (const id of shown) await renewLine(id);
      const strip = document.getElementById("strip");
      if (strip) put(strip, (await part(strip.getAttribute("hx-get"))).getElementById("strip"));
    }
  } catch {
    say("lost", "Chưa lấy được thay đổi mới nhất; trang sẽ thử lại.");
  } finally {
    asking = false;
  }
}

const source = new EventSource(said.dataset.source);
let cut = null; // a connection that is back within three seconds was never lost for a person
source.addEventListener("open", () => {
  clearTimeout(cut);
  cut = null;
  say("on", "Trang tự cập nhật khi có thay đổi.");
});
source.addEventListener("error", () => {
  if (source.readyState === EventSource.CLOSED) say("lost", "Trang không còn tự cập nhật. Hãy tải lại trang; có thể cần đăng nhập lại.");
  else cut ??= setTimeout(() => say("lost", "Mất kết nối với Loa; trang đang tự nối lại."), 3000);
});
source.addEventListener("changed", (event) => {
  for (const id of JSON.parse(event.data)) awaited.add(id);
  renew();
});
addEventListener("pagehide", () => source.close());
