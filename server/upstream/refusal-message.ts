/** A model server's own words about a refused request, made fit for the person who sent it. */
import { type JsonObject, jsonArray, jsonObject, parseJsonObject } from './json.ts';

const LENGTH_MAX = 500;
const READ_LENGTH_MAX = 4000;
const REMOVED = '[…]';

/** Whatever could tell where the server stands, or open it. In this order: an address may hold a key. */
const PRIVATE: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]*:\/\/\S+/gi,
  /\bbearer\s+\S+/gi,
  /\b(?:sk|pk|rk|hf|gsk|xai|api|key|token)[-_][\w*-]{6,}/gi,
  /\b[a-z0-9_]{32,}\b/gi,
  /\[[0-9a-f:.]*:[0-9a-f:.]*\](?::\d+)?/gi,
  /(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}(?![\w:])/gi,
  /(?<![\w:])(?:[0-9a-f]{1,4}:)*:(?::?[0-9a-f]{1,4})+(?![\w:])/gi,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /\b(?=[\d.-]*[a-z])[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?:\d{2,5}\b/gi,
  /\b(?:[a-z0-9-]+\.)+(?:internal|local|localdomain|lan|intra|corp|svc|com|org|net|edu|gov|de|eu|io)\b/gi,
];

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * The message inside an error body, without addresses, host names and keys, on one line of at most 500 characters;
 * null when the body has none. Known shapes: OpenAI's `{error: {message}}`, Ollama's `{error}`, flat `{message}`
 * (vLLM and others), FastAPI's `{detail}` as a text or as a list of faults.
 */
export function refusalMessage(body: string, secrets: readonly string[]): string | null {
  const object = parseJsonObject(body);
  const message = object && statedMessage(object);
  return (message && cleaned(message, secrets)) || null;
}

/** The text without anything private, on one line, cut to a length that can be shown. */
export function cleaned(text: string, secrets: readonly string[]): string {
  let clean = text.slice(0, READ_LENGTH_MAX).toWellFormed().replace(UNPRINTABLE, ' ');
  for (const secret of secrets) clean = clean.replaceAll(secret, REMOVED);
  for (const pattern of PRIVATE) clean = clean.replace(pattern, REMOVED);
  clean = clean.replace(/\s+/g, ' ').trim();
  if (clean.length <= LENGTH_MAX) return clean;
  return `${clean.slice(0, LENGTH_MAX - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function statedMessage(body: JsonObject): string | null {
  const error = jsonObject(body.error);
  return (
    text(error?.message) ??
    text(body.error) ??
    text(body.message) ??
    text(body.detail) ??
    text(jsonObject(body.detail)?.message) ??
    faults(body.detail)
  );
}

function faults(detail: unknown): string | null {
  const lines = jsonArray(detail)
    .slice(0, 10)
    .map((fault) => {
      const { loc, msg } = jsonObject(fault) ?? {};
      const place = jsonArray(loc).map(String).join('.');
      return place ? `${place}: ${text(msg) ?? ''}` : (text(msg) ?? '');
    });
  return text(lines.filter(Boolean).join('; '));
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
