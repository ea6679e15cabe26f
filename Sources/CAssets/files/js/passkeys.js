// Passkeys (WebAuthn): forms with data-passkey ask the browser, put its answer into their fields, and go.
"use strict";
{
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer || []))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  const known = (list) => (list || "").split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: bytes(id) }));

  async function create(form) {
    const data = form.dataset;
    const { response } = await navigator.credentials.create({ publicKey: {
      challenge: bytes(data.challenge), rp: { id: data.party, name: "PagerPal" },
      user: { id: bytes(data.handle), name: data.account, displayName: data.person },
      pubKeyCredParams: data.algorithms.split(" ").map((alg) => ({ type: "public-key", alg: Number(alg) })),
      excludeCredentials: known(data.known), attestation: "none",
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    } });
    return { client_data: response.clientDataJSON, attestation: response.attestationObject };
  }

  // The page may be hours old, and its challenge with it.
  async function freshChallenge(form) {
    try {
      const answer = await fetch(location.href, { headers: { "X-Refresh": "1" }, redirect: "error" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      return page.querySelector("form[data-passkey=get]").dataset.challenge;
    } catch { return form.dataset.challenge; }
  }

  async function get(form) {
    const { rawId, response } = await navigator.credentials.get({ publicKey: {
      challenge: bytes(await freshChallenge(form)), rpId: form.dataset.party,
      allowCredentials: known(form.dataset.known), userVerification: form.dataset.verification,
    } });
    return {
      credential: rawId, client_data: response.clientDataJSON, authenticator_data: response.authenticatorData,
      signature: response.signature, user_handle: response.userHandle,
    };
  }

  const words = {
    NotAllowedError: "It was cancelled, took too long, or this device has no passkey for it.",
    InvalidStateError: "This device has a passkey of yours already.",
    SecurityError: "Passkeys work only under PagerPal's own address.",
  };

  if (window.PublicKeyCredential) {
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      form.hidden = false;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const button = form.querySelector("[type=submit]");
        button.disabled = true;
        (form.dataset.passkey === "create" ? create(form) : get(form)).then((fields) => {
          for (const [name, value] of Object.entries(fields)) form.elements[name].value = text(value);
          form.submit();
        }).catch((error) => {
          button.disabled = false;
          const fault = form.querySelector("[data-passkey-fault]");
          fault.hidden = false;
          fault.textContent = words[error.name] || `This browser refused: ${error.message}`;
        });
      });
    }
    for (const part of document.querySelectorAll("[data-no-passkeys]")) part.hidden = true;
  }
}
