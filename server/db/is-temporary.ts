/** Classes of SQLSTATE that pass by themselves: connection, rollback, resources, in use, operator, system. */
const TEMPORARY_CLASSES = new Set(['08', '40', '53', '55', '57', '58']);
/** The disk is full, or another server is about to take over: what is read is right still, and nothing is kept. */
const READ_ONLY = '25006';
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Whether the same work may succeed later: the database was away or busy. What it refused, it will refuse again. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return false;
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code !== 'string' || !SQLSTATE.test(code) || isTemporaryState(code);
}

/** @param code an SQLSTATE */
export const isTemporaryState = (code: string): boolean =>
  code === READ_ONLY || TEMPORARY_CLASSES.has(code.slice(0, 2));
