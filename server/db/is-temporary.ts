/** Classes of SQLSTATE that pass by themselves: connection, rollback, resources, in use, operator, system. */
const TEMPORARY_CLASSES = new Set(['08', '40', '53', '55', '57', '58']);
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Whether the same work may succeed later: the database was away or busy. What it refused, it will refuse again. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return false;
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code !== 'string' || !SQLSTATE.test(code)) return true;
  return TEMPORARY_CLASSES.has(code.slice(0, 2));
}
