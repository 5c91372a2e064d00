// A passkey is made or used at the press of a button; what the browser answers goes along in the form.
// Without this file a code from an app does the same.

const button = document.querySelector("[data-passkey]");
const form = button?.form;
const failed = document.querySelector("[data-passkey-failed]");

button?.addEventListener("click", async (event) => {
  const options = JSON.parse(document.querySelector("#passkey-options").textContent).publicKey;
  failed.hidden = true;
  try {
    const made =
      event.target.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    form.querySelector("[data-passkey-answer]").value = JSON.stringify(made.toJSON());
    form.submit();
  } catch {
    failed.hidden = false;
  }
});
if (button) button.disabled = false; // until now a press would have done nothing
