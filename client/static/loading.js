// A page asks the server before it shows itself. Whoever waits for longer than a blink sees and hears so, and learns
// when nothing will come. These words are the only ones outside of client/src/locales: the others are not there yet.
{
  const WAIT_MS = 400;
  const WORDS = {
    en: ['Loading…', 'Lumen could not be loaded. Check your connection, then reload the page.'],
    es: [
      'Cargando…',
      'No se ha podido cargar Lumen. Conviene comprobar la conexión y volver a cargar la página.',
    ],
  };
  const tags = [localStorage.getItem('lumen.language') ?? '', ...navigator.languages];
  const language = tags.map((tag) => tag.slice(0, 2)).find((tag) => tag in WORDS) ?? 'en';
  const [loading, failed] = WORDS[language];
  const note = document.createElement('p');
  note.setAttribute('role', 'status');
  note.lang = language;
  note.style.cssText =
    'position:fixed;inset:0;display:grid;place-content:center;margin:0;padding:1rem;' +
    'text-align:center;font:1rem system-ui,sans-serif;color:var(--text-soft,GrayText)';
  const isShown = () => document.querySelector('#app > :not(script)') !== null;
  const say = (words) => {
    if (isShown()) return;
    document.body.append(note);
    note.textContent = words;
  };

  const watch = new MutationObserver(() => {
    if (!isShown()) return;
    note.remove();
    watch.disconnect();
    removeEventListener('unhandledrejection', fail);
  });
  const fail = () => say(failed);
  addEventListener('unhandledrejection', fail);
  addEventListener('DOMContentLoaded', () => {
    watch.observe(document.getElementById('app'), { childList: true });
    setTimeout(() => note.textContent || say(loading), WAIT_MS);
  });
}
