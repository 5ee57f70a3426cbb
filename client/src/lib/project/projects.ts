import type {
  ProjectDetailsFragment,
  ProjectOrder,
  ProjectRowFragment,
  ProjectsQueryVariables,
} from '#lib/graphql/generated.ts';
import type { Address } from '#lib/ui/query.ts';
import { orderOf } from '#lib/ui/sort.ts';

export type ProjectRow = ProjectRowFragment;
export type Project = ProjectDetailsFragment;

const COLUMNS: readonly ProjectOrder[] = [
  'NAME',
  'MANAGERS',
  'REQUESTS',
  'TOKENS',
  'COST',
  'CREATED_AT',
];

export const orderOfProjects = (url: Address) =>
  orderOf(url, COLUMNS, { by: 'NAME', descending: false });

/** What the address of the list asks of the server. */
export function variablesOf(url: Address): ProjectsQueryVariables {
  const { by, descending } = orderOfProjects(url);
  return {
    after: url.searchParams.get('after'),
    search: url.searchParams.get('search'),
    orderBy: by,
    descending,
    includeInactive: url.searchParams.has('inactive'),
  };
}

/** Owners and administrators say who manages a project, and whether it is active. */
export const mayRule = ({ viewerRole }: Pick<Project, 'viewerRole'>): boolean =>
  viewerRole !== 'MANAGER';

export const managersText = ({ managers }: Pick<ProjectRow, 'managers'>): string => {
  const [first] = managers;
  if (!first) return 'nobody';
  return managers.length === 1 ? first.name : `${first.name} and ${managers.length - 1} more`;
};
