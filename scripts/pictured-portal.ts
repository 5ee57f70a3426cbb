// The Lumen of the pictures: its configuration, and what stands in it, put there through the API as people would.
import type { APIRequestContext } from 'playwright-core';
import { stringify } from 'yaml';
import { INTEGRAL, NAMES } from './pictured-model.ts';

const MODELS = {
  'llama-3.3-70b': {
    description:
      'Our workhorse: long texts, many languages, on the machines of the computing centre.',
    input_cost_per_million: 0.6,
    output_cost_per_million: 0.9,
    context_window: 131_072,
    max_output_tokens: 8_192,
    knowledge_cutoff: '2023-12',
    supports_function_calling: true,
  },
  'qwen3-coder-30b': {
    description: 'Writes and reads code.',
    input_cost_per_million: 0.2,
    output_cost_per_million: 0.4,
    context_window: 262_144,
    max_output_tokens: 16_384,
    supports_function_calling: true,
    supports_reasoning: true,
  },
  'mistral-small-24b': {
    description: 'Quick, and sees images.',
    input_cost_per_million: 0.1,
    output_cost_per_million: 0.3,
    context_window: 32_768,
    max_output_tokens: 8_192,
    input_modalities: ['text', 'image'],
  },
  'gpt-large': {
    description: 'A commercial model: nothing confidential may be sent to it.',
    input_cost_per_million: 2.5,
    output_cost_per_million: 10,
    context_window: 400_000,
    max_output_tokens: 32_768,
    needs_ack: true,
    ack_message: 'Do not enter personal data.',
  },
};

export const modelNames: readonly string[] = Object.keys(MODELS);

export const configuration = (modelUrl: string): string =>
  stringify({
    version: 2,
    app: {
      tagline: 'Language models of the institute',
      debug: true,
      dev_user: 'dev@example.com',
      secret_key: 'signs the sessions of the pictures alone',
      encryption_key: 'hashes the keys of the pictures alone',
    },
    admins: ['dev@example.com'],
    rate_limiting: { limit: 'unlimited' },
    models: Object.entries(MODELS).map(([name, facts]) => ({
      name,
      ...facts,
      endpoints: [{ url: modelUrl, api_key: 'pictures' }],
    })),
    groups: {
      default: {
        max: 10,
        refresh: 0.5,
        starting: 10,
        model_access: { default: 'allowed' },
      },
    },
  });

export interface Portal {
  /** The conversation with mathematics, code and a table. */
  readonly conversation: string;
  /** One question, answered by three models. */
  readonly comparison: string;
  readonly person: string;
}

/** Fills the portal as the person who is signed in. */
export async function furnish(request: APIRequestContext, url: string): Promise<Portal> {
  const ask = async <T>(query: string, variables: object = {}): Promise<T> => {
    const response = await request.post(`${url}/graphql`, { data: { query, variables } });
    const { data, errors } = await response.json();
    if (errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return data as T;
  };
  const conversation = await ask<Begun>(SEND, { content: INTEGRAL, model: 'llama-3.3-70b' });
  const comparison = await ask<Begun>(SEND, { content: NAMES, model: 'llama-3.3-70b' });
  const { id } = comparison.sendMessage.assistantMessage;
  for (const model of ['qwen3-coder-30b', 'mistral-small-24b'])
    await ask(
      `mutation ($id: ID!, $model: String!) {
        regenerateAnswer(id: $id, model: $model, isShown: false) { assistantMessage { id } }
      }`,
      { id, model },
    );
  await ask('mutation { createApiKey(name: "Notebook on the cluster") { secret } }');
  await ask(
    'mutation { createProject(name: "Climate archive", ownerEmail: "ada@example.com") { id } }',
  );
  await ask(
    'mutation { createProject(name: "Physics tutorial", ownerEmail: "dev@example.com") { id } }',
  );
  for (const [title, content] of PROMPTS)
    await ask('mutation ($input: PromptInput!) { createPrompt(input: $input) { id } }', {
      input: { title, content },
    });
  await ask('mutation ($input: GroupInput!) { createGroup(input: $input) { name } }', {
    input: { name: 'students', description: 'Whoever takes the courses of this term' },
  });
  const { conversations } = await ask<{ conversations: { nodes: { id: string }[] } }>(
    '{ conversations(search: "reminder") { nodes { id } } }',
  );
  for (const { id: last } of conversations.nodes)
    await ask('mutation ($id: ID!) { deleteConversation(id: $id) }', { id: last });
  const { person } = await ask<{ person: { id: string } }>(
    '{ person(email: "ada@example.com") { id } }',
  );
  return {
    conversation: conversation.sendMessage.conversation.id,
    comparison: comparison.sendMessage.conversation.id,
    person: person.id,
  };
}

interface Begun {
  readonly sendMessage: {
    readonly conversation: { readonly id: string };
    readonly assistantMessage: { readonly id: string };
  };
}

const SEND = `mutation ($content: String!, $model: String!) {
  sendMessage(input: { content: $content, model: $model }) { conversation { id } assistantMessage { id } }
}`;

const PROMPTS = [
  ['Summarise', 'Summarise this in three sentences for somebody of another field:'],
  ['Referee', 'Read this as a strict but friendly referee, and list what is missing:'],
  ['Plain words', 'Say this again in plain words:'],
] as const;
