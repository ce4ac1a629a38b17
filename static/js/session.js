/* The end of a session: a warning before it, and whatever was typed sent to the server first. Nothing is kept in the
   browser. The server decides when a session ends, and what it has kept; this file only tells. */

const panel = document.querySelector("[data-session]");
const over = document.querySelector("[data-session-over]");
const TELL_EVERY_MS = 60000;
const TRY_EVERY_MS = 5000;
const KEEP_BEFORE_S = 20;
const GOES_ALONG = 60000; // a browser sends 64 KiB at most while it goes to sleep

if (panel) {
  const token = panel.querySelector("[name=csrfmiddlewaretoken]").value;
  const warning = Number(panel.dataset.warning);
  const line = panel.querySelector("[data-session-left]");
  const forms = [...document.querySelectorAll("main form[method=post]:not([data-autosave-url], [role=search])")]
    .filter((form) => !form.querySelector("input[type=password], [name=credential]"));
  const shown = panel.dataset.typed.split(" ");
  /* What was typed and is not known to be kept: each form with how often it changed; first what is shown again, not saved. */
  const unkept = new Map(forms.filter((form) => shown.includes(path(form))).map((form) => [form, 0]));
  let endsAt = Date.now() + Number(panel.dataset.left) * 1000;
  let toldAt = Date.now();
  let triedAt = 0;
  let worked = false;
  let leaving = false;
  let asking = null;

  /* Where a form is sent: there it is offered again, also where another page shows it. */
  function path(form) { return new URL(form.getAttribute("action") || location.href, location.href).pathname; }

  /* The answer's status; 401 the session has ended, 0 nobody is signed in here any more, null the network is away. */
  async function send(url, fields, method = "POST") {
    const body = method === "POST" ? new URLSearchParams(fields).toString() : undefined;
    const headers = method === "POST"
      ? { "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded" } : {};
    const how = { method, headers, body, credentials: "same-origin", redirect: "manual", cache: "no-store" };
    try {
      return await fetch(url, { ...how, keepalive: document.hidden && (body ?? "").length <= GOES_ALONG });
    } catch {
      return { ok: false, status: null }; // the server decides when it is back
    }
  }

  async function look(url, method) {
    const answer = await send(url, {}, method);
    if (answer.ok) endsAt = Date.now() + (await answer.json()).left * 1000;
    else if ([0, 401, 403].includes(answer.status)) endsAt = Date.now();
  }

  function ask(url, method) {
    asking ??= look(url, method).catch(() => {}).finally(() => { asking = null; });
    return asking;
  }

  async function stay() {
    worked = false;
    toldAt = Date.now();
    await ask(panel.dataset.stayUrl, "POST");
    if (panel.open && left() > warning) panel.close();
  }

  function left() { return Math.ceil((endsAt - Date.now()) / 1000); }

  async function keepOne(form) {
    const fields = [["path", path(form)]];
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields.push([name, value]);
    }
    const change = unkept.get(form);
    const { status } = await send(panel.dataset.keepUrl, fields);
    if (status === 204 && unkept.get(form) === change) unkept.delete(form);
    return status;
  }

  /* Keep what was typed; what stood in the way, or undefined. */
  async function keep() {
    triedAt = Date.now();
    const answers = await Promise.all([...unkept.keys()].map(keepOne));
    return answers.find((status) => status !== 204);
  }

  /* The end: to the sign-in page, unless something typed would go with this one. */
  async function end() {
    const why = unkept.size ? await keep() : undefined;
    if (!unkept.size) { location.replace(location.pathname + location.search); return; }
    if (why === undefined) return; // kept, and something more was typed meanwhile
    const told = why === 401 ? "ended" : why === null || why >= 500 ? "away" : "lost";
    for (const part of over.querySelectorAll("[data-session-why]")) part.hidden = part.dataset.sessionWhy !== told;
    if (panel.open) panel.close();
    if (!over.open && over.dataset.told !== told) over.showModal();
    over.dataset.told = told;
  }

  function note(event) { if (event.isTrusted && !panel.open && !over.open) worked = true; }

  for (const name of ["keydown", "pointerdown", "wheel", "touchstart"]) {
    document.addEventListener(name, note, { passive: true });
  }
  for (const form of forms) {
    form.addEventListener("input", () => unkept.set(form, (unkept.get(form) ?? 0) + 1));
    form.addEventListener("submit", () => unkept.delete(form));
  }
  panel.querySelector("[data-session-stay]").addEventListener("click", stay);
  panel.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
  over.querySelector("[data-session-back]").addEventListener("click", () => over.close());
  // Whoever leaves the page on purpose is asked nothing; a page that is put aside may never be woken again.
  window.addEventListener("pagehide", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask(panel.dataset.leftUrl, "GET");
    else if (!leaving && unkept.size && !over.dataset.told) keep();
  });

  setInterval(async () => {
    if (over.dataset.told && over.dataset.told !== "away") return; // what happens next, the person decides
    if (left() > 0 && worked && !panel.open && Date.now() - toldAt >= TELL_EVERY_MS) await stay();
    if (left() > warning) {
      if (panel.open) panel.close();
      if (over.open) over.close();
      delete over.dataset.told;
      return;
    }
    if (!panel.open) {
      await ask(panel.dataset.leftUrl, "GET"); // somebody may be at work in another window
      if (left() > warning) return;
      if (left() > 0 && worked) { await stay(); return; }
      if (left() > 0) panel.showModal();
    }
    const rested = Date.now() - triedAt >= TRY_EVERY_MS;
    if (left() <= 0) {
      if (rested || !unkept.size) await end();
      return;
    }
    if (left() <= KEEP_BEFORE_S && unkept.size && rested) await keep();
    const minutes = Math.floor(left() / 60);
    line.textContent = line.dataset.words.replace("%s", `${minutes}:${String(left() % 60).padStart(2, "0")}`);
  }, 1000);
}
