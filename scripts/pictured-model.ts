// The model server of the pictures: it says what a model would, always the same.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export const INTEGRAL = 'Show me why the Gaussian integral is √π, and check it with Python.';
export const NAMES = 'Suggest a name for our new cluster of GPUs. One sentence.';

const PROOF = `Square it, and the two integrals become one over the plane, which is easy in polar coordinates:

$$
I^2 = \\int_{-\\infty}^{\\infty}\\!\\int_{-\\infty}^{\\infty} e^{-(x^2 + y^2)}\\,dx\\,dy
    = \\int_0^{2\\pi}\\!\\int_0^{\\infty} e^{-r^2}\\,r\\,dr\\,d\\theta = \\pi
$$

So $I = \\sqrt{\\pi} \\approx 1.7725$. The sum of a few rectangles agrees:

\`\`\`python
import numpy as np

for step in (1.0, 0.5, 0.25):
    x = np.arange(-8, 8, step)
    print(step, np.exp(-x**2).sum() * step)
\`\`\`

| Step | Sum | Error |
|---:|---:|---:|
| 1.0 | 1.772637 | 1.8 · 10⁻⁴ |
| 0.5 | 1.772454 | 4.4 · 10⁻¹⁶ |
| 0.25 | 1.772454 | 0 |

The error falls faster than any power of the step: for smooth functions that vanish at both ends, the trapezoidal rule
converges **exponentially**.`;

const NAMED: Readonly<Record<string, string>> = {
  'llama-3.3-70b':
    '**Perihelion**: the point at which everything moves fastest, and a word that nobody else on the campus uses yet.',
  'qwen3-coder-30b':
    '**Loom**, because it weaves many threads into one piece of cloth, and `ssh loom` is quick to type.',
  'mistral-small-24b':
    '**Noether**, after the mathematician who found why symmetry and conservation are one thing; it goes well with your node names.',
};

interface Asked {
  readonly model: string;
  readonly messages: readonly { readonly content: string }[];
}

const answerTo = ({ model, messages }: Asked): string => {
  const asked = messages.at(-1)?.content;
  if (asked === INTEGRAL) return PROOF;
  if (asked === NAMES) return NAMED[model] ?? '';
  return asked?.includes('Gaussian') ? 'Why the Gaussian integral is √π' : 'A name for the cluster';
};

function stream(response: ServerResponse, content: string): void {
  const send = (event: object) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  const usage = { prompt_tokens: 24, completion_tokens: Math.ceil(content.length / 4) };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  send({ choices: [{ index: 0, delta: { role: 'assistant', content } }] });
  send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage });
  response.end('data: [DONE]\n\n');
}

function tellModels(response: ServerResponse, models: readonly string[]): void {
  const data = models.map((id) => ({ id, object: 'model' }));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ object: 'list', data }));
}

/** Gives the server and its address. */
export async function startPicturedModel(
  models: readonly string[],
): Promise<{ server: Server; url: string }> {
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') tellModels(response, models);
    else stream(response, answerTo((await json(request)) as Asked));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
}
