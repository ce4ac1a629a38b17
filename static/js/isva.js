/* What pages do beyond plain HTML: the component library's behaviours, leaving at once, drafts that save themselves.
   Every page works without this file. One file, so that a hashed name is all a cache needs. */

const PRESSES = 3;
const WITHIN_MS = 5000;
const EVERY_MS = 15000;
const LOOK_MS = 2000;

/* Exit this page: blanks the screen at once, then puts a harmless page in its place in the history. */
function exitThisPage(panel) {
  const link = panel.querySelector("a");
  const told = panel.querySelector("[data-exit-told]");
  const lights = panel.querySelectorAll(".govuk-exit-this-page__indicator-light");
  const indicator = panel.querySelector(".govuk-exit-this-page__indicator");
  let presses = 0;
  let timer = null;
  let alone = false;

  function leave(event) {
    event?.preventDefault();
    document.body.classList.add("isva-blank");
    document.title = "";
    for (const form of document.forms) form.reset();
    window.location.replace(link.href);
  }

  function show() {
    indicator.classList.toggle("govuk-exit-this-page__indicator--visible", presses > 0);
    lights.forEach((light, at) => light.classList.toggle("govuk-exit-this-page__indicator-light--on", at < presses));
  }

  function forget() {
    presses = 0;
    told.textContent = "";
    show();
  }

  link.addEventListener("click", leave);

  // Shift counts when it is pressed and let go by itself, not while a capital letter is typed.
  document.addEventListener("keydown", (event) => {
    alone = event.key === "Shift" && !event.repeat;
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    presses += 1;
    clearTimeout(timer);
    show();
    if (presses >= PRESSES) {
      told.textContent = panel.dataset.leaving;
      leave();
      return;
    }
    told.textContent = panel.dataset.pressed.replace("%s", PRESSES - presses);
    timer = setTimeout(forget, WITHIN_MS);
  });

  // Coming back through the browser's own memory must not show the page again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}

/* Drafts: sent to the server while they are written, told on the page, never kept in the browser. */
function autosave(form) {
  const line = form.querySelector("[data-autosave-status]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  let changed = false;
  let sending = false;
  let submitted = false;

  function answers() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields.append(name, value);
    }
    return fields;
  }

  function tell(text, failed) {
    if (!line) return;
    line.textContent = text;
    line.classList.toggle("isva-autosave--failed", failed);
  }

  async function save(leaving) {
    if (!changed || sending || submitted) return;
    changed = false;
    sending = true;
    let saved = false;
    try {
      const answer = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        headers: { "X-CSRFToken": token, "X-Requested-With": "XMLHttpRequest" },
        body: answers(),
        credentials: "same-origin",
        redirect: "error",
        keepalive: leaving,
      });
      saved = answer.ok;
    } catch {
      saved = false;
    }
    sending = false;
    if (submitted) return;
    if (!saved) changed = true;
    const at = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    tell(saved ? line?.dataset.saved.replace("%s", at) : line?.dataset.failed, !saved);
  }

  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("change", () => { changed = true; });
  form.addEventListener("submit", () => { submitted = true; });
  window.addEventListener("pageshow", () => { submitted = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
  setInterval(() => save(false), EVERY_MS);
}

/* Questions under an option of radios: shown while it is chosen. The library does the same, with an attribute that a radio
   may not have; without JavaScript all of them are shown. */
function reveal() {
  for (const radio of document.querySelectorAll("[data-reveals]")) {
    document.getElementById(radio.dataset.reveals)?.classList.toggle("govuk-radios__conditional--hidden", !radio.checked);
  }
}

/* How far something is that the server does: asked for again and again, told as text; the whole page anew once it is over. */
function follow(part) {
  const words = part.querySelector("[data-progress-words]");
  const bar = part.querySelector("progress");

  async function look() {
    try {
      const answer = await fetch(part.dataset.progressUrl, { credentials: "same-origin", redirect: "manual" });
      const told = answer.ok ? await answer.json() : null;
      if (answer.type === "opaqueredirect" || answer.status === 401 || told?.live === false) {
        window.location.reload();
        return;
      }
      if (told) {
        if (words.textContent !== told.words) words.textContent = told.words;
        bar.max = told.of;
        bar.value = told.step;
      }
    } catch {
      // Out of reach for now: it is asked again.
    }
    setTimeout(look, LOOK_MS);
  }

  setTimeout(look, LOOK_MS);
}

/* The safe-contact panel stays on top: whatever gets the focus is scrolled to below it. */
function makeRoom(panel) {
  const tell = () => document.documentElement.style.setProperty("--safe-height", `${panel.offsetHeight}px`);
  new ResizeObserver(tell).observe(panel);
}

document.addEventListener("change", (event) => { if (event.target.type === "radio") reveal(); });
window.addEventListener("pageshow", reveal);
document.querySelectorAll("[data-exit-this-page]").forEach(exitThisPage);
document.querySelectorAll("form[data-autosave-url]").forEach(autosave);
document.querySelectorAll("[data-progress-url]").forEach(follow);
document.querySelectorAll(".isva-safe").forEach(makeRoom);
reveal();

const library = document.documentElement.dataset.govukFrontend;
if (library) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  const { initAll } = await import(library);
  initAll();
}
