/** Where what had the focus is gone: the page's content has it, so that keys go on from there. */
export function keepFocus(): void {
  if (document.activeElement === document.body) document.getElementById('main')?.focus();
}
