import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Readmes } from '../../../server/model/readmes.ts';

const URL_OF_A = 'https://huggingface.co/owner/a';
const HOUR_MS = 3_600_000;
const log = pino({ level: 'silent' });

/** READMEs of a server that counts what it is asked for. */
function shelf(answer: (card: string) => Promise<string | null>) {
  const asked: string[] = [];
  const clock = { now: 0 };
  const cards = {
    readme: (card: string) => {
      asked.push(card);
      return answer(card);
    },
    close: () => Promise.resolve(),
  };
  return { readmes: new Readmes(cards, log, () => clock.now), asked, clock };
}

test.each([
  ['---\nlicense: mit\n---\n# A\n', '# A'],
  ['\uFEFF---\r\nlicense: mit\r\n---\r\n\r\n# A', '# A'],
  ['---\n---\n# A', '# A'],
  ['# A\n\n---\n\nmore\n', '# A\n\n---\n\nmore'],
  ['--- not metadata\n# A', '--- not metadata\n# A'],
])('metadata at the head is not shown: %j', async (text, shown) => {
  const { readmes } = shelf(async () => text);
  expect(await readmes.of(URL_OF_A)).toEqual({
    text: shown,
    baseUrl: 'https://huggingface.co/owner/a/blob/main/',
  });
});

test('a README is asked for once, by however many at a time, until hours later', async () => {
  const { readmes, asked, clock } = shelf(async () => '# A');
  await Promise.all([
    readmes.of(URL_OF_A),
    readmes.of(`${URL_OF_A}/tree/main`),
    readmes.of(URL_OF_A),
  ]);
  expect(asked).toEqual(['owner/a']);
  clock.now += 5 * HOUR_MS;
  await readmes.of(URL_OF_A);
  expect(asked).toHaveLength(1);
  clock.now += 2 * HOUR_MS;
  await readmes.of(URL_OF_A);
  expect(asked).toHaveLength(2);
});

test('one that can not be had is none, and asked for again minutes later', async () => {
  const { readmes, asked, clock } = shelf(async () => {
    throw new Error('unreachable');
  });
  expect(await readmes.of(URL_OF_A)).toBeNull();
  expect(await readmes.of(URL_OF_A)).toBeNull();
  expect(asked).toHaveLength(1);
  clock.now += 6 * 60_000;
  expect(await readmes.of(URL_OF_A)).toBeNull();
  expect(asked).toHaveLength(2);
});

test('only so many are kept', async () => {
  const { readmes, asked } = shelf(async () => '# A');
  for (let count = 0; count <= 64; count += 1)
    await readmes.of(`https://huggingface.co/o/m${count}`);
  await readmes.of('https://huggingface.co/o/m64');
  expect(asked).toHaveLength(65);
  await readmes.of('https://huggingface.co/o/m0');
  expect(asked).toHaveLength(66);
});

test('no other site is asked', async () => {
  const { readmes, asked } = shelf(async () => '# A');
  expect(await readmes.of('https://example.org/owner/a')).toBeNull();
  expect(asked).toEqual([]);
});
