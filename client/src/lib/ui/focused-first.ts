/** What has the focus when the dialog around it opens, whichever of the two is there first. */
export const focusedFirst = (element: HTMLElement) => {
  element.autofocus = true;
  if (element.closest('dialog')?.open) element.focus();
};
