/** Of the icons of the sign-in page; Icon.svelte has all others. */
export const LAMP = 'M9.5 17.5h5M10 20.5h4M12 3.5a6 6 0 0 1 3.5 10.9v1.1h-7v-1.1A6 6 0 0 1 12 3.5Z';
export const WARNING = 'M12 4 3 19.5h18L12 4Zm0 6v4.5m0 2.5v.01';
