/* Copies an address that is to be sent on, so that nobody has to select it with a thumb.
   `data-copy` is the field's id; `data-copied` what is then said. */

document.querySelectorAll('[data-copy]').forEach(button => {
  button.addEventListener('click', async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    const said = button.parentElement.querySelector('[data-copied]');
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = said.dataset.copied;
    } catch { /* Where the browser doesn't let a page copy, the address is selected. */ }
  });
});
