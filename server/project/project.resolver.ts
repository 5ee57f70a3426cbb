import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { ModelType } from '../access/model.type.ts';
import { type ModelView, modelsVisibleTo } from '../access/visible-models.ts';
import { initialsOfProject } from '../account/account.entity.ts';
import { PoolType } from '../budget/pool.type.ts';
import { type PoolView, readPool } from '../budget/read-pool.ts';
import type { Context } from '../context.ts';
import { batched } from '../db/batched.ts';
import type { Page } from '../kernel/page.ts';
import type { ApiKey } from '../key/api-key.entity.ts';
import { ApiKeyType } from '../key/api-key.type.ts';
import { apiKeyList } from '../key/api-key-list.ts';
import { UsageType } from '../usage/usage.type.ts';
import { type UsageTotals, usageTotals } from '../usage/usage-totals.ts';
import { type Project, projectNamed } from './project.ts';
import {
  ProjectManagerType,
  ProjectPageType,
  ProjectPersonType,
  ProjectType,
} from './project.type.ts';
import { projectList } from './project-list.ts';
import {
  managersOf,
  type ProjectManager,
  type ProjectPerson,
  searchPeopleForProject,
} from './project-people.ts';
import { ProjectsAsked } from './projects-asked.type.ts';

@Resolver(() => ProjectType)
export class ProjectResolver {
  @Query(() => ProjectPageType, {
    description:
      'The projects that you manage; all of them for administrators. Inactive ones are seen by owners and administrators.',
  })
  projects(
    @Args(() => ProjectsAsked) asked: ProjectsAsked,
    @Ctx() ctx: Context,
  ): Promise<Page<Project>> {
    return projectList(ctx, asked);
  }

  @Query(() => ProjectType, {
    description: 'One project that you manage, or any for administrators.',
  })
  project(
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
    @Arg('slug', () => String, { nullable: true, description: 'Its slug, instead of the id.' })
    slug: string | null,
    @Ctx() ctx: Context,
  ): Promise<Project> {
    return projectNamed(ctx, { id, slug });
  }

  @Query(() => [ProjectPersonType], {
    description:
      'For the owner of a project: up to ten people who could manage it, found by parts of their names or addresses.',
  })
  searchPeopleForProject(
    @Arg('projectId', () => ID, { description: 'Which one.' }) projectId: string,
    @Arg('search', () => String, { description: 'Two characters or more; nobody for less.' })
    search: string,
    @Ctx() ctx: Context,
  ): Promise<readonly ProjectPerson[]> {
    return searchPeopleForProject(ctx, projectId, search);
  }

  @FieldResolver(() => String, { description: 'Two letters that stand for the project.' })
  initials(@Root() { name }: Project): string {
    return initialsOfProject(name);
  }

  @FieldResolver(() => [ProjectManagerType], {
    description: 'Who manages it, the owner first, then by name.',
  })
  managers(@Root() { id }: Project, @Ctx() ctx: Context): Promise<readonly ProjectManager[]> {
    return batched(ctx, managersOf, id);
  }

  @FieldResolver(() => PoolType, {
    nullable: true,
    description: 'What pays for the project; null when nothing does.',
  })
  pool(@Root() project: Project, @Ctx() ctx: Context): Promise<PoolView | null> {
    return readPool(ctx, project);
  }

  @FieldResolver(() => UsageType, { description: 'All that the project has ever used.' })
  usage(@Root() { id }: Project, @Ctx() ctx: Context): Promise<UsageTotals> {
    return usageTotals(ctx, id);
  }

  @FieldResolver(() => [ApiKeyType], {
    description: 'The keys of the project, revoked ones too, the newest first.',
  })
  apiKeys(@Root() { id }: Project, @Ctx() ctx: Context): Promise<readonly ApiKey[]> {
    return apiKeyList(ctx, id);
  }

  @FieldResolver(() => [ModelType], {
    description:
      'The models that the project may use, or could after they are acknowledged for it, by name.',
  })
  models(@Root() project: Project, @Ctx() ctx: Context): readonly ModelView[] {
    return modelsVisibleTo(ctx, project);
  }
}
