import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Page } from '../kernel/page.ts';
import type { Project, ProjectRole } from './project.ts';
import type { ProjectOrder } from './project-list.ts';
import type { ProjectManager, ProjectPerson } from './project-people.ts';

const ProjectRoleEnum = { ADMIN: 'ADMIN', OWNER: 'OWNER', MANAGER: 'MANAGER' } as const;
registerEnumType(ProjectRoleEnum, {
  name: 'ProjectRole',
  description: 'What somebody may do with a project; each may do what those below may.',
  valuesConfig: {
    ADMIN: { description: 'An administrator of this Lumen: may also make and delete projects.' },
    OWNER: {
      description: 'May also rename, shut and transfer the project, and say who manages it.',
    },
    MANAGER: {
      description: 'May see it, make and revoke its keys, and acknowledge models for it.',
    },
  },
});

export const ProjectOrderEnum = {
  NAME: 'name',
  MANAGERS: 'managers',
  ACTIVE: 'active',
  REQUESTS: 'requests',
  TOKENS: 'tokens',
  COST: 'cost',
  CREATED_AT: 'createdAt',
} as const satisfies Record<string, ProjectOrder>;
registerEnumType(ProjectOrderEnum, {
  name: 'ProjectOrder',
  description: 'What a list of projects is ordered by.',
  valuesConfig: {
    NAME: { description: 'Its name.' },
    MANAGERS: { description: 'How many manage it.' },
    ACTIVE: { description: 'Whether it is active.' },
    REQUESTS: { description: 'How many requests it made.' },
    TOKENS: { description: 'How many tokens it used.' },
    COST: { description: 'What it cost.' },
    CREATED_AT: { description: 'When it was made.' },
  },
});

@ObjectType('ProjectPerson', { description: 'Somebody who could manage a project.' })
export class ProjectPersonType implements ProjectPerson {
  @Field(() => String, { description: 'The name to show.' })
  name!: string;

  @Field(() => String, { description: 'Normalised address.' })
  email!: string;
}

@ObjectType('ProjectManager', { description: 'Somebody who manages a project.' })
export class ProjectManagerType extends ProjectPersonType implements ProjectManager {
  @Field(() => Boolean, { description: 'Whether they own it, as one at most does.' })
  isOwner!: boolean;
}

@ObjectType('Project', {
  description:
    'An account for a program or for common work: it has keys, a pool and models of its own, and nobody signs in as it.',
})
export class ProjectType
  implements Pick<Project, 'id' | 'name' | 'slug' | 'isActive' | 'createdAt' | 'role'>
{
  @Field(() => ID, { description: 'Identifies the account.' })
  id!: string;

  @Field(() => String, { description: 'The name to show.' })
  name!: string;

  @Field(() => String, {
    description: 'The name that it was made with, as addresses and config.yaml have it.',
  })
  slug!: string;

  @Field(() => Boolean, { description: 'Whether its keys open anything.' })
  isActive!: boolean;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => ProjectRoleEnum, { name: 'viewerRole', description: 'What the viewer may do.' })
  role!: ProjectRole;
}

@ObjectType('ProjectPage', { description: 'Part of the projects.' })
export class ProjectPageType implements Page<Project> {
  @Field(() => [ProjectType], { description: 'The projects of this page.' })
  nodes!: readonly Project[];

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` for what follows; null at the end.',
  })
  next!: string | null;
}
