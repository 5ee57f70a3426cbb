import { expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { cast, keyOfProject, projectOf } from '../project/operations.ts';
import { saysWith, uploads } from '../upload/uploading.ts';
import { answer, idPlaces, NOBODYS_ID } from './root-fields.ts';

/** One of everything that has an id. */
async function belongings(app: TestApp, person: Person): Promise<Record<string, string>> {
  const sent = await uploads(person, 'A text.', 'sent.txt');
  const { conversation, userMessage, assistantMessage } = await saysWith(person, 'Hello', [sent]);
  await person.awaits(assistantMessage.id);
  const made = await person.asks<{
    createFolder: { id: string };
    createPrompt: { id: string };
    createApiKey: { apiKey: { id: string } };
  }>(`mutation { createFolder(name: "Mine") { id }
    createPrompt(input: { title: "Mine", content: "Mine" }) { id }
    createApiKey(name: "mine") { apiKey { id } } }`);
  const { viewer } = await person.asks<{ viewer: { id: string; sessions: { id: string }[] } }>(
    '{ viewer { id sessions { id } } }',
  );
  const project = await cast(app);
  await keyOfProject(project.admin, project.id);
  return {
    ...{ account: viewer.id, session: viewer.sessions[0]?.id ?? '' },
    ...{ conversation: conversation.id, question: userMessage.id, answer: assistantMessage.id },
    ...{ folder: made.createFolder.id, prompt: made.createPrompt.id },
    ...{ key: made.createApiKey.apiKey.id, sent: sent.id },
    unsent: (await uploads(person, 'A text.', 'unsent.txt')).id,
    ...{ project: project.id, owner: await idOf(project.owner) },
    projectKey: (await projectOf(project.admin, project.id)).apiKeys[0]?.id ?? '',
  };
}

const idOf = async (person: Person) =>
  (await person.asks<{ viewer: { id: string } }>('{ viewer { id } }')).viewer.id;

/** What the asker has of their own, where an operation takes two ids: so that only the other one is strange. */
async function companions(app: TestApp, eve: Person) {
  const { conversation, assistantMessage } = await eve.says('Hers');
  await eve.awaits(assistantMessage.id);
  const admin = await app.person('dev@example.com');
  const { createProject } = await admin.asks<{ createProject: { id: string } }>(
    'mutation ($ownerEmail: String) { createProject(name: "Hers", ownerEmail: $ownerEmail) { id } }',
    { ownerEmail: eve.email },
  );
  const input = { model: 'fake', content: 'Hi' };
  return {
    'moveConversation folderId': { id: conversation.id },
    'revokeProjectApiKey id': { projectId: createProject.id },
    'sendMessage input.conversationId': { input },
    'sendMessage input.parentId': { input: { ...input, conversationId: conversation.id } },
    'sendMessage input.uploadIds': { input: { ...input, conversationId: conversation.id } },
  } as Readonly<Record<string, Record<string, unknown>>>;
}

const TABLES = [
  ...['account', 'conversation', 'message', 'message_upload', 'upload', 'saved_prompt', 'session'],
  ...['conversation_folder', 'api_key', 'pool', 'project_member', 'account_limit', 'audit_entry'],
];

/** Everything of everybody, but when they were seen. */
const stored = (app: TestApp) =>
  Promise.all(
    TABLES.map((table) =>
      app.rows(`select to_jsonb(t) - 'seen_at' - 'last_used_at' as row from ${table} t order by 1`),
    ),
  );

test('R36 wherever an id can be put, one that is another’s is answered as one of nothing', async () => {
  const app = await testApp();
  const [ada, eve] = [await app.person(), await app.person()];
  const hers = await belongings(app, ada);
  const own = await companions(app, eve);
  const places = await idPlaces();
  expect(places.length).toBeGreaterThan(45);
  const told: string[] = [];
  const before = await stored(app);
  for (const { name, asked } of places) {
    const ofNothing = await answer(eve, asked(NOBODYS_ID, own[name] ?? {}));
    for (const [kind, id] of Object.entries(hers)) {
      const answered = await answer(eve, asked(id, own[name] ?? {}));
      if (JSON.stringify(answered) !== JSON.stringify(ofNothing))
        told.push(`${name} of ${kind}: ${JSON.stringify(answered)}`);
    }
  }
  expect(told).toEqual([]);
  expect(await stored(app)).toEqual(before);
});
