/** Keeps a text in this browser, or forgets it, and tells this window as the browser tells the others. */
export function keep(key: string, text: string | null): void {
  if (localStorage.getItem(key) === text) return;
  if (text === null) localStorage.removeItem(key);
  else localStorage.setItem(key, text);
  dispatchEvent(new StorageEvent('storage', { key, newValue: text }));
}
