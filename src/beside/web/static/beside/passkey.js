// A passkey: hands the server's question to the device, and the device's answer to the form.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const keys = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

const make = ({ publicKey: asked }) =>
  navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: keys(asked.excludeCredentials),
      authenticatorSelection: {
        ...asked.authenticatorSelection,
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
    },
  });

const use = ({ publicKey: asked }) => {
  const allowCredentials = keys(asked.allowCredentials);
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials };
  return navigator.credentials.get({ publicKey });
};

const question = async (form) => {
  const written = document.getElementById('passkey-question');
  if (written) return JSON.parse(written.textContent);
  const answer = await fetch(form.action, { headers: { Accept: 'application/json' } });
  return (await answer.json()).request_options;
};

const PARTS = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
const plain = (made) => {
  const given = PARTS.filter((part) => made.response[part]);
  const response = Object.fromEntries(given.map((part) => [part, text(made.response[part])]));
  const clientExtensionResults = made.getClientExtensionResults();
  return { id: made.id, rawId: made.id, type: made.type, response, clientExtensionResults };
};

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) form.hidden = true;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const asked = await question(form);
      const credential = await (form.dataset.passkey === 'make' ? make(asked) : use(asked));
      form.elements.credential.value = JSON.stringify(plain(credential));
      form.submit();
    } catch {
      form.querySelector('[data-passkey-says]').hidden = false;
    }
  });
}
