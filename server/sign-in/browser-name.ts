import bowser from 'bowser';

const AGENT_LENGTH_MAX = 1_000;

/** What people call the browser of a User-Agent header, such as "Firefox on Linux"; null when it says neither. */
export function browserName(userAgent: string | undefined): string | null {
  if (!userAgent) return null;
  const { browser, os } = bowser.parse(userAgent.slice(0, AGENT_LENGTH_MAX));
  return [browser.name, os.name].filter(Boolean).join(' on ') || null;
}
