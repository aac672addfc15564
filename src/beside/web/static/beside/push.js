// Has this device told of news: asks the browser for an address at its push service, and hands it to the form.
const form = document.querySelector('form[data-push]');

const key = () => {
  const text = form.dataset.push.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
};

const subscribe = async () => {
  // First of all, because Safari asks a person only right after a press.
  if ((await Notification.requestPermission()) !== 'granted') throw new Error('not allowed');
  await navigator.serviceWorker.register(form.dataset.worker);
  const { pushManager } = await navigator.serviceWorker.ready;
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key() });
};

if (form && 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window) {
  form.hidden = false;
  document.querySelector('[data-push-not]').hidden = true;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      form.elements.endpoint.value = (await subscribe()).endpoint;
      form.submit();
    } catch {
      form.querySelector('[data-push-says]').hidden = false;
    }
  });
}
