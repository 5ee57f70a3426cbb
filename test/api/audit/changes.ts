// What administrators change, in an order in which each mutation has something to do.
import { expect } from 'vitest';

/** What stays between somebody and their own conversations, prompts, files and sign-ins: no trail is kept of it. */
export const UNRECORDED = [
  ...['continueAnswer', 'createFolder', 'createPrompt', 'deleteConversation', 'deleteFolder'],
  ...['deletePrompt', 'deleteUpload', 'editMessage', 'importConversations', 'moveConversation'],
  ...['pinConversation', 'purgeConversation', 'rateMessage', 'regenerateAnswer'],
  ...['renameConversation', 'renameFolder', 'restoreConversation', 'revokeOtherSessions'],
  ...['revokeSession', 'sendMessage', 'setActiveMessage', 'setConversationSettings'],
  ...['stopMessage', 'updatePrompt'],
];

export interface Step {
  /** `$name` stands for the id of what the mutation of that name has made before, or of what was there at the start. */
  readonly call: string;
  readonly gives?: string;
  readonly subject: string;
  readonly action: string;
  readonly by?: 'admin' | 'ada';
  readonly before?: unknown;
  readonly after?: unknown;
  readonly reason?: string;
}

export const why = 'reason: "so decided"';
export const ada = 'account: { email: "ada@example.org" }';
export const reason = 'so decided';
export const ADMINISTRATION: readonly Step[] = [
  {
    call: 'createGroup(input: { name: "lab", access: { allowed: ["fake"] } })',
    subject: 'lab',
    gives: '{ name }',
    action: 'group.created',
    after: expect.objectContaining({ name: 'lab' }),
  },
  {
    call: 'updateGroup(input: { name: "lab", description: "The laboratory." })',
    subject: 'lab',
    gives: '{ name }',
    action: 'group.updated',
    before: expect.objectContaining({ access: { allowed: ['fake'], blocked: [] } }),
    after: expect.objectContaining({ description: 'The laboratory.' }),
  },
  {
    call: 'addGroupMember(group: "lab", email: "ada@example.org")',
    subject: 'lab',
    gives: '{ name }',
    action: 'group.member_joined',
    after: { account: '$ada' },
  },
  {
    call: 'removeGroupMember(group: "lab", email: "ada@example.org")',
    subject: 'lab',
    gives: '{ name }',
    action: 'group.member_left',
    before: { account: '$ada' },
  },
  {
    call: 'importGroupMembers(group: "lab", file: "ada@example.org")',
    subject: 'lab',
    gives: '{ lines { line } }',
    action: 'group.members_imported',
    after: { count: 1, accounts: ['$ada'] },
  },
  {
    call: 'deleteGroup(name: "lab")',
    subject: 'lab',
    action: 'group.deleted',
    before: expect.objectContaining({ description: 'The laboratory.' }),
  },
  {
    call: `grantCoins(${ada}, amount: "5", ${why})`,
    subject: '$ada',
    gives: '{ left }',
    action: 'pool.granted',
    before: { unit: 'coins', balance: '10' },
    after: { unit: 'coins', balance: '15' },
    reason,
  },
  {
    call: `resetPool(${ada}, ${why})`,
    subject: '$ada',
    gives: '{ left }',
    action: 'pool.reset',
    before: { unit: 'coins', balance: '15' },
    after: { unit: 'coins', balance: '10' },
    reason,
  },
  {
    call: `setAccountLimit(${ada}, limit: { max: 7 }, ${why})`,
    subject: '$ada',
    gives: '{ max }',
    action: 'limit.set',
    before: { limit: null },
    after: { limit: expect.objectContaining({ max: '7' }) },
    reason,
  },
  {
    call: `setAccountLimit(${ada}, ${why})`,
    subject: '$ada',
    gives: '{ max }',
    action: 'limit.removed',
    before: { limit: expect.objectContaining({ max: '7' }) },
    after: { limit: null },
    reason,
  },
  {
    call: `disableAccount(${ada}, ${why})`,
    subject: '$ada',
    gives: '{ id }',
    action: 'account.disabled',
    before: { isActive: true },
    after: { isActive: false },
    reason,
  },
  {
    call: `enableAccount(${ada})`,
    subject: '$ada',
    gives: '{ id }',
    action: 'account.enabled',
    before: { isActive: false },
    after: { isActive: true },
  },
  {
    call: `withdrawEndpoint(id: "$endpoint", ${why})`,
    subject: '$endpoint',
    gives: '{ id }',
    action: 'endpoint.withdrawn',
    after: expect.objectContaining({ upstreamModel: 'fake-1' }),
    reason,
  },
  {
    call: 'restoreEndpoint(id: "$endpoint")',
    subject: '$endpoint',
    gives: '{ id }',
    action: 'endpoint.restored',
    after: expect.objectContaining({ upstreamModel: 'fake-1' }),
  },
  {
    call: `saveConfig(text: $text, version: "$configVersion", ${why})`,
    subject: '$path',
    gives: '{ version }',
    action: 'config.saved',
    before: { version: '$configVersion' },
    after: { version: expect.any(String), changes: [expect.any(String)] },
    reason,
  },
  {
    call: `restoreConfigBackup(id: "$backup", version: "$saveConfig", ${why})`,
    subject: '$path',
    gives: '{ version }',
    action: 'config.restored',
    before: { version: '$saveConfig' },
    after: { version: '$configVersion', changes: [expect.any(String)] },
    reason,
  },
];
