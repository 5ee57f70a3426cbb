/** Reading JSON from servers that are not trusted to send the shape they promise. */

export type JsonObject = Record<string, unknown>;

/** The value as an object to look into; null when it is anything else, arrays included. */
export function jsonObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : null;
}

export function jsonArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The object that the text states; null when the text is not JSON or not an object. */
export function parseJsonObject(text: string): JsonObject | null {
  try {
    return jsonObject(JSON.parse(text));
  } catch {
    return null;
  }
}
