// Settings of programs that speak to /v1, to be copied as they stand.

export interface SampleModel {
  readonly name: string;
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly inputCostPerMillion: string;
  readonly outputCostPerMillion: string;
}

/** What stands where a key belongs: nobody's key can be shown again. */
export const PLACEHOLDER = 'YOUR_API_KEY';

/** With OpenAI's own library for Node. */
export const nodeSample = (origin: string, model: string): string => `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${origin}/v1', apiKey: '${PLACEHOLDER}' });
const stream = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello!' }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');
`;

export const langChainSample = (
  origin: string,
  model: string,
): string => `from langchain_openai import ChatOpenAI

model = ChatOpenAI(
    model="${model}",
    base_url="${origin}/v1",
    api_key="${PLACEHOLDER}",
)
print(model.invoke("Hello!").content)
`;

/** `config.yaml` of the extension Continue, for VS Code and JetBrains. */
export const continueSample = (
  origin: string,
  siteName: string,
  model: string,
): string => `name: ${JSON.stringify(siteName)}
version: 1.0.0
schema: v1
models:
  - name: ${JSON.stringify(`${model} via ${siteName}`)}
    provider: openai
    model: ${JSON.stringify(model)}
    apiBase: ${origin}/v1
    apiKey: ${PLACEHOLDER}
    roles: [chat, edit, apply]
`;

const providerId = (siteName: string): string =>
  siteName.toLowerCase().replaceAll(/[^a-z0-9]/g, '') || 'lumen';

function openCodeModel(model: SampleModel, siteName: string) {
  const { contextWindow: context, maxOutputTokens } = model;
  return {
    name: `${model.name} via ${siteName}`,
    ...(context && { limit: { context, output: maxOutputTokens ?? context } }),
    cost: { input: Number(model.inputCostPerMillion), output: Number(model.outputCostPerMillion) },
  };
}

/** `opencode.json`, with all models that it may offer. The key is read from LUMEN_API_KEY. */
export function openCodeSample(
  origin: string,
  siteName: string,
  models: readonly SampleModel[],
): string {
  const provider = {
    npm: '@ai-sdk/openai-compatible',
    name: siteName,
    options: { baseURL: `${origin}/v1`, apiKey: '{env:LUMEN_API_KEY}' },
    models: Object.fromEntries(models.map((model) => [model.name, openCodeModel(model, siteName)])),
  };
  return `${JSON.stringify(
    { $schema: 'https://opencode.ai/config.json', provider: { [providerId(siteName)]: provider } },
    null,
    2,
  )}\n`;
}

const FIRST_QUERY =
  '{ viewer { name pool { left max } usage { requests cost } } models { name status } }';

/** The first thing to ask GraphQL. */
export const graphqlSample = (origin: string): string => `curl ${origin}/graphql \\
  -H "Authorization: Bearer ${PLACEHOLDER}" \\
  -H "Content-Type: application/json" \\
  -d '{"query": "${FIRST_QUERY}"}'
`;
