// What people ask about projects, and a project with somebody in each role.
import type { Person } from '../../support/actors.ts';
import type { TestApp } from '../../support/app.ts';

const PROJECT = `id name slug initials isActive createdAt viewerRole managers { name email isOwner }
  pool { left max } usage { requests cost } apiKeys { id name isActive } models { name access }`;

const mutation = (name: string, args: Readonly<Record<string, string>>, gives = PROJECT) => {
  const declared = Object.entries(args).map(([arg, type]) => `$${arg}: ${type}`);
  const passed = Object.keys(args).map((arg) => `${arg}: $${arg}`);
  return `mutation (${declared.join(', ')}) { ${name}(${passed.join(', ')}) { ${gives} } }`;
};

const ID = { projectId: 'ID!' };
const EMAIL = { ...ID, email: 'String!' };
const KEY = 'secret apiKey { id name isActive costMax }';

export const CREATE = mutation('createProject', { name: 'String!', ownerEmail: 'String' });
export const RENAME = mutation('renameProject', { ...ID, name: 'String!' });
export const SET_ACTIVE = mutation('setProjectActive', { ...ID, isActive: 'Boolean!' });
export const DELETE = mutation('deleteProject', ID);
export const ADD = mutation('addProjectManager', EMAIL);
export const REMOVE = mutation('removeProjectManager', EMAIL);
export const TRANSFER = mutation('transferProject', EMAIL);
export const CREATE_KEY = mutation(
  'createProjectApiKey',
  { ...ID, name: 'String', input: 'CreateApiKeyInput' },
  KEY,
);
export const REVOKE_KEY = mutation('revokeProjectApiKey', { ...ID, id: 'ID!' }, 'id isActive');
export const ACKNOWLEDGE = mutation(
  'acknowledgeModelForProject',
  { ...ID, name: 'String!' },
  'name access isAcknowledged',
);
export const ONE = `query ($id: ID, $slug: String) { project(id: $id, slug: $slug) { ${PROJECT} } }`;
const LIST = `query ($first: Int! = 50, $after: String, $search: String, $includeInactive: Boolean! = false,
  $orderBy: ProjectOrder! = NAME, $descending: Boolean! = false) {
  projects(first: $first, after: $after, search: $search, includeInactive: $includeInactive, orderBy: $orderBy,
    descending: $descending) { nodes { ${PROJECT} } next } }`;
export const SEARCH = `query ($projectId: ID!, $search: String!) {
  searchPeopleForProject(projectId: $projectId, search: $search) { name email } }`;

export interface ProjectAnswer {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly isActive: boolean;
  readonly viewerRole: string;
  readonly managers: readonly { readonly email: string; readonly isOwner: boolean }[];
  readonly pool: { readonly left: string; readonly max: string } | null;
  readonly usage: { readonly requests: number; readonly cost: string };
  readonly apiKeys: readonly { readonly id: string; readonly isActive: boolean }[];
  readonly models: readonly { readonly name: string; readonly access: string }[];
}

/** Someone in each role: the administrator, the owner, a manager, and a stranger. */
export interface Cast {
  readonly id: string;
  readonly slug: string;
  readonly admin: Person;
  readonly owner: Person;
  readonly manager: Person;
  readonly stranger: Person;
}

let made = 0;

export async function cast(app: TestApp, name?: string): Promise<Cast> {
  made += 1;
  const admin = await app.person('dev@example.com');
  const [owner, manager, stranger] = [await app.person(), await app.person(), await app.person()];
  const { createProject } = await admin.asks<{ createProject: ProjectAnswer }>(CREATE, {
    name: name ?? `Project ${made}`,
    ownerEmail: owner.email,
  });
  const { id, slug } = createProject;
  await owner.asks(ADD, { projectId: id, email: manager.email });
  return { id, slug, admin, owner, manager, stranger };
}

export const projectOf = async (person: Person, id: string): Promise<ProjectAnswer> =>
  (await person.asks<{ project: ProjectAnswer }>(ONE, { id })).project;

export async function projectsOf(person: Person, variables: object = {}) {
  const { projects } = await person.asks<{
    projects: { nodes: ProjectAnswer[]; next: string | null };
  }>(LIST, variables);
  return projects;
}

/** A new key of a project. */
export async function keyOfProject(by: Person, projectId: string, input?: object): Promise<string> {
  const variables = { projectId, ...(input ? { input } : { name: 'robot' }) };
  const { createProjectApiKey } = await by.asks<{ createProjectApiKey: { secret: string } }>(
    CREATE_KEY,
    variables,
  );
  return createProjectApiKey.secret;
}
