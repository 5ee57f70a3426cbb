import { expect, test } from 'vitest';
import { z } from 'zod';
import { FAILURES, Failure, fail } from '../../../server/kernel/failure.ts';
import { asId, newId } from '../../../server/kernel/id.ts';
import { decodeCursor, pageOf, pageSize } from '../../../server/kernel/page.ts';
import { keyDigest, keyHint, newApiKey, newToken } from '../../../server/kernel/secret.ts';

/** The code of the failure with which something is refused. */
function refused(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  throw new Error('it was not refused');
}

const SHAPE = z.tuple([z.string(), z.uuid()]);

test('a page tells by one row too many whether more follows', () => {
  const rows = Array.from({ length: 3 }, (_, at) => `row ${at}`);
  const id = newId();
  const page = pageOf(rows, 2, (last) => [last, id]);
  expect(page.nodes).toEqual(['row 0', 'row 1']);
  expect(decodeCursor(page.next ?? '', SHAPE)).toEqual(['row 1', id]);
  expect(pageOf(rows, 3, (last) => [last]).next).toBeNull();
  expect(pageOf([], 3, () => []).next).toBeNull();
});

test('a cursor that is none of this list is refused', () => {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const cursor of ['', 'x', '%%%', encoded(null), encoded(['a']), encoded(['a', 'b'])])
    expect(refused(() => decodeCursor(cursor, SHAPE))).toBe('INVALID');
});

test('a page has from 1 to 200 rows', () => {
  for (const size of [1, 50, 200]) expect(pageSize(size)).toBe(size);
  for (const size of [0, -1, 201, Number.NaN])
    expect(refused(() => pageSize(size))).toBe('INVALID');
});

test('later ids sort after earlier ones', () => {
  const ids = Array.from({ length: 1_000 }, newId);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(1_000);
});

test('an id is read in either case; what can be none names nothing', () => {
  const id = newId();
  expect(asId(id.toUpperCase(), 'message')).toBe(id);
  for (const text of ['', 'x', `${id} `, `{${id}}`, id.slice(1), id.replaceAll('-', '')])
    expect(refused(() => asId(text, 'message'))).toBe('NOT_FOUND');
});

test('each code of failure has a status of refusal, and fail carries what it is given', () => {
  for (const { http } of Object.values(FAILURES)) expect(http).toBeGreaterThanOrEqual(400);
  try {
    fail('UPSTREAM_REFUSED', 'No.', { status: 429 }, new Error('why'));
  } catch (error) {
    expect(error).toMatchObject({ code: 'UPSTREAM_REFUSED', httpStatus: 429 });
    expect((error as Failure).cause).toMatchObject({ message: 'why' });
  }
  expect(new Failure('NOT_FOUND', 'No.').httpStatus).toBe(404);
});

test('keys and tokens have 256 random bits, and show little of themselves', () => {
  const key = newApiKey();
  expect(key).toMatch(/^sk_[\w-]{43}$/);
  expect(newToken()).toMatch(/^[\w-]{43}$/);
  expect(newToken()).not.toBe(newToken());
  expect(keyHint(key)).toBe(`${key.slice(0, 7)}...${key.slice(-4)}`);
  expect(keyDigest(key, 'a')).not.toEqual(keyDigest(key, 'b'));
  expect(keyDigest(key, 'a')).toEqual(keyDigest(key, 'a'));
});
