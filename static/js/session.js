/* The end of a session: a warning before it, and whatever was typed sent to the server first. Nothing is kept in the
   browser. The server decides when a session ends; this file only tells. */

const panel = document.querySelector("[data-session]");
const TELL_EVERY_MS = 60000;
const KEEP_BEFORE_S = 20;

if (panel) {
  const token = panel.querySelector("[name=csrfmiddlewaretoken]").value;
  const warning = Number(panel.dataset.warning);
  const line = panel.querySelector("[data-session-left]");
  const forms = [...document.querySelectorAll("main form[method=post]:not([data-autosave-url])")]
    .filter((form) => !form.querySelector("input[type=password], [name=credential]"));
  const changed = new Set();
  let endsAt = Date.now() + Number(panel.dataset.left) * 1000;
  let toldAt = Date.now();
  let worked = false;
  let kept = false;
  let asking = false;

  async function send(url, fields, method = "POST") {
    const body = method === "POST" ? new URLSearchParams(fields) : undefined;
    const headers = method === "POST" ? { "X-CSRFToken": token } : {};
    return fetch(url, { method, headers, body, credentials: "same-origin", redirect: "error", cache: "no-store" });
  }

  async function ask(url, method) {
    if (asking) return;
    asking = true;
    try {
      const answer = await send(url, {}, method);
      if (answer.ok) endsAt = Date.now() + (await answer.json()).left * 1000;
      else if (answer.status === 401 || answer.status === 403) endsAt = Date.now();
    } catch { /* the network is away; the server decides when it is back */ }
    asking = false;
  }

  async function stay() {
    worked = false;
    kept = false;
    toldAt = Date.now();
    await ask(panel.dataset.stayUrl, "POST");
    if (panel.open && left() > warning) panel.close();
  }

  function left() { return Math.ceil((endsAt - Date.now()) / 1000); }

  async function keep() {
    kept = true;
    for (const form of changed) {
      const fields = [["path", location.pathname]];
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields.push([name, value]);
      }
      try { await send(panel.dataset.keepUrl, fields); } catch { kept = false; }
    }
  }

  function note(event) { if (event.isTrusted && !panel.open) worked = true; }

  for (const name of ["keydown", "pointerdown", "wheel", "touchstart"]) {
    document.addEventListener(name, note, { passive: true });
  }
  for (const form of forms) form.addEventListener("input", () => { changed.add(form); kept = false; });
  panel.querySelector("[data-session-stay]").addEventListener("click", stay);
  panel.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(panel.dataset.leftUrl, "GET"); });

  setInterval(async () => {
    if (worked && !panel.open && Date.now() - toldAt >= TELL_EVERY_MS) await stay();
    if (left() > warning) { if (panel.open) panel.close(); return; }
    if (!panel.open) {
      await ask(panel.dataset.leftUrl, "GET"); // somebody may be at work in another window
      if (left() > warning) return;
      if (worked) { await stay(); return; }
      panel.showModal();
    }
    if (left() <= KEEP_BEFORE_S && !kept && changed.size) await keep();
    if (left() <= 0) { location.replace(location.pathname + location.search); return; }
    const minutes = Math.floor(left() / 60);
    line.textContent = line.dataset.words.replace("%s", `${minutes}:${String(left() % 60).padStart(2, "0")}`);
  }, 1000);
}
