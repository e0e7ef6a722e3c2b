// A clip's scrub bar: the frame at the time that is asked for, the newest wish first; and the frames round what is wrong in it.
const RATE = 30; // frames a second of every clip

const words = (frames) => (frames / RATE).toFixed(1).replace(".", ",");

function place(shot, number) {
  for (const mark of shot.querySelectorAll(".shot-marks g[data-start]")) {
    mark.toggleAttribute("hidden", !(Number(mark.dataset.start) <= number && number < Number(mark.dataset.end)));
  }
  for (const scene of shot.querySelectorAll(".scrub-scenes rect")) {
    scene.classList.toggle("here", Number(scene.dataset.start) <= number && number < Number(scene.dataset.end));
  }
}

async function show(shot) {
  const range = shot.querySelector("input[type=range]");
  const state = shot.querySelector(".scrub-state");
  const number = Number(range.value);
  shot.querySelector("output").textContent = words(number);
  range.setAttribute("aria-valuetext", `${words(number)} giây`);
  place(shot, number);
  if (shot.dataset.loading) return; // the frame that is wanted last is asked for when the one under way has come
  shot.dataset.loading = "true";
  const late = setTimeout(() => { state.textContent = "đang vẽ…"; }, 400);
  try {
    while (shot.dataset.shown !== range.value) {
      const wanted = range.value;
      const next = new Image();
      next.src = `/template-frames/${shot.dataset.clip}/${wanted}`;
      await next.decode();
      shot.querySelector(".shot-frame img").src = next.src;
      shot.dataset.shown = wanted;
    }
    state.textContent = "";
  } catch {
    state.textContent = "chưa vẽ được khung này, hãy kéo lại";
  } finally {
    clearTimeout(late);
    delete shot.dataset.loading;
  }
}

function prepare() {
  for (const shot of document.querySelectorAll(".shot[data-clip]:not([data-shown])")) {
    shot.dataset.shown = shot.dataset.frame;
    place(shot, Number(shot.dataset.frame));
  }
}

document.addEventListener("input", (event) => {
  const shot = event.target.closest(".shot[data-clip]");
  if (shot) show(shot);
});
document.addEventListener("click", (event) => {
  const scene = event.target.closest(".scrub-links a");
  if (!scene) return;
  event.preventDefault();
  const shot = scene.closest(".shot");
  shot.querySelector("input[type=range]").value = scene.dataset.frame;
  show(shot);
});
document.body.addEventListener("htmx:afterSettle", prepare);
prepare();
