const SHOWN_MS = 1_600;

/** Copies, and says so on the button for a moment. */
export async function copyText(text: string, button: Element): Promise<void> {
  await navigator.clipboard.writeText(text);
  const label = button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => {
    button.textContent = label;
  }, SHOWN_MS);
}
