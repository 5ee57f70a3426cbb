/**
 * Runs the echo model server alone: `npm run dummy`, with DUMMY_PORT for another port than 9999 (0 for a free one) and
 * DUMMY_WORD_DELAY_MS for another pace than a word each 20 ms (0 for all words at once).
 */
import { startEchoServer } from '../server/upstream/echo-server.ts';

const { DUMMY_PORT = '9999', DUMMY_WORD_DELAY_MS = '20' } = process.env;
const echo = await startEchoServer({
  port: Number(DUMMY_PORT),
  wordDelayMs: Number(DUMMY_WORD_DELAY_MS),
});

const endpoint = `{ url: "${echo.url}", api_key: dummy }`;
console.log(
  `models: [{ name: dummy, input_cost_per_million: 0, output_cost_per_million: 0, endpoints: [${endpoint}] }]`,
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void echo.close());
}
