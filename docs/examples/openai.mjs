// The official OpenAI SDK, pointed at Lumen: the same models, the same pool, the same usage.
//   LUMEN_API_KEY=sk_… node docs/examples/openai.mjs "What is a coin?"
import OpenAI from 'openai';

const { LUMEN_URL = 'http://localhost:5000', LUMEN_API_KEY } = process.env;
const [, , question = 'Who are you?'] = process.argv;

const lumen = new OpenAI({ baseURL: `${LUMEN_URL}/v1`, apiKey: LUMEN_API_KEY });
const { data: models } = await lumen.models.list();
const stream = await lumen.chat.completions.create({
  model: models[0].id,
  messages: [{ role: 'user', content: question }],
  stream: true,
  stream_options: { include_usage: true },
});
for await (const { choices, usage } of stream) {
  process.stdout.write(choices[0]?.delta.content ?? '');
  if (usage) process.stdout.write(`\n\n${usage.completion_tokens} tokens\n`);
}
