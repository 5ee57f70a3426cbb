/** Runs the echo model server alone: `npm run dummy`, with DUMMY_PORT for another port than 9999. */
import { startEchoServer } from '../server/upstream/echo-server.ts';

const echo = await startEchoServer({ port: Number(process.env.DUMMY_PORT ?? 9999) });

const endpoint = `{ url: "${echo.url}", api_key: dummy }`;
console.log(
  `models: [{ name: dummy, input_cost_per_million: 0, output_cost_per_million: 0, endpoints: [${endpoint}] }]`,
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void echo.close());
}
