/* Passkeys: asks the browser for one and sends its answer. The page works with a code where this file does not run. */

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const told = form.querySelector("[data-passkey-told]");
  let answered = false;

  form.addEventListener("submit", async (event) => {
    if (answered) return;
    event.preventDefault();
    told.textContent = "";
    try {
      const options = JSON.parse(form.dataset.options);
      const credential = await window.webauthnJSON[form.dataset.passkey](options);
      form.elements.credential.value = JSON.stringify(credential);
    } catch {
      told.textContent = form.dataset.failed;
      return;
    }
    answered = true;
    form.requestSubmit();
  });
}
