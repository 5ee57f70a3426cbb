// What administrators ask about groups, and a configuration with two of them.
const GROUP = `name description isLocked isActive pool { unit max refreshPerHour starting }
  access { default allowed blocked } rules { field contains equals } match
  members { nodes { email isByRule isByHand } next }`;
export const CREATE = `mutation ($input: GroupInput!) { createGroup(input: $input) { ${GROUP} } }`;
export const UPDATE = `mutation ($input: GroupInput!) { updateGroup(input: $input) { ${GROUP} } }`;
export const DELETE = 'mutation ($name: String!) { deleteGroup(name: $name) }';
export const ADD = `mutation ($group: String!, $email: String!) {
  addGroupMember(group: $group, email: $email) { ${GROUP} } }`;
export const REMOVE = `mutation ($group: String!, $email: String!) {
  removeGroupMember(group: $group, email: $email) { ${GROUP} } }`;
export const LIST = `{ groups { ${GROUP} } }`;
export const ONE = `query ($name: String!) { group(name: $name) { ${GROUP} } }`;

export interface Group {
  readonly name: string;
  readonly isLocked: boolean;
  readonly members: { readonly nodes: readonly object[]; readonly next: string | null };
}

export const config = {
  groups: {
    default: { description: 'Everybody.', max: 5, model_access: { default: 'blocked' } },
    staff: { max: 50, rules: [{ field: 'affiliation', contains: 'staff@' }] },
  },
};
