/** Lets the keyboard reach what can be scrolled: not every browser does so by itself. */
export const scrollable = (element: HTMLElement) => {
  element.tabIndex = 0;
};
