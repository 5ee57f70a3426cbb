/** The text as PostgreSQL can hold it: it knows neither U+0000 nor half a surrogate pair. */
export const storable = (text: string): string =>
  text.replaceAll('\u0000', '\ufffd').toWellFormed();
