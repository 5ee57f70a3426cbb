import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { ModelType } from '../access/model.type.ts';
import type { ModelView } from '../access/visible-models.ts';
import type { Context } from '../context.ts';
import type { ApiKey } from '../key/api-key.entity.ts';
import { ApiKeyType, CreateApiKeyInput, CreateApiKeyPayload } from '../key/api-key.type.ts';
import type { NewApiKey } from '../key/create-api-key.ts';
import { acknowledgeModelForProject } from './acknowledge-model-for-project.ts';
import { addProjectManager, removeProjectManager, transferProject } from './change-managers.ts';
import { createProject } from './create-project.ts';
import type { Project } from './project.ts';
import { ProjectType } from './project.type.ts';
import { createProjectApiKey, revokeProjectApiKey } from './project-keys.ts';
import { renameProject } from './rename-project.ts';
import { deleteProject, setProjectActive } from './set-project-active.ts';

const ProjectId = () => Arg('projectId', () => ID, { description: 'Which project.' });

@Resolver()
export class ChangeProjectResolver {
  @Mutation(() => ProjectType, { description: 'For administrators: makes a project.' })
  createProject(
    @Arg('name', () => String, {
      description: 'One line, up to 128 characters; its slug is made from it.',
    })
    name: string,
    @Arg('ownerEmail', () => String, {
      nullable: true,
      description: 'Of somebody who has signed in before; left out, nobody owns it yet.',
    })
    ownerEmail: string | null,
    @Ctx() ctx: Context,
  ): Promise<Project> {
    return createProject(ctx, name, ownerEmail ?? null);
  }

  @Mutation(() => ProjectType, {
    description: 'For its owner: gives a project another name; the slug stays.',
  })
  renameProject(
    @ProjectId() projectId: string,
    @Arg('name', () => String, { description: 'One line, up to 128 characters.' }) name: string,
    @Ctx() ctx: Context,
  ): Promise<Project> {
    return renameProject(ctx, projectId, name);
  }

  @Mutation(() => ProjectType, {
    description:
      'For its owner: shuts a project out of every door, at once, or lets it in again. What runs for it is stopped and paid for.',
  })
  setProjectActive(
    @ProjectId() projectId: string,
    @Arg('isActive', () => Boolean, { description: 'Whether its keys are to open anything.' })
    isActive: boolean,
    @Ctx() ctx: Context,
  ): Promise<Project> {
    return setProjectActive(ctx, projectId, isActive);
  }

  @Mutation(() => ProjectType, {
    description: 'For administrators: ends a project, whose history stays: it becomes inactive.',
  })
  deleteProject(@ProjectId() projectId: string, @Ctx() ctx: Context): Promise<Project> {
    return deleteProject(ctx, projectId);
  }

  @Mutation(() => ProjectType, { description: 'For its owner: lets a person manage a project.' })
  addProjectManager(
    @ProjectId() projectId: string,
    @Arg('email', () => String, { description: 'Of somebody who has signed in before.' })
    email: string,
    @Ctx() ctx: Context,
  ): Promise<Project> {
    return addProjectManager(ctx, projectId, email);
  }

  @Mutation(() => ProjectType, {
    description: 'For its owner: ends somebody’s managing of a project; the owner’s cannot end.',
  })
  removeProjectManager(
    @ProjectId() projectId: string,
    @Arg('email', () => String, { description: 'Of the manager.' }) email: string,
    @Ctx() ctx: Context,
  ): Promise<Project> {
    return removeProjectManager(ctx, projectId, email);
  }

  @Mutation(() => ProjectType, {
    description:
      'For its owner: gives a project to somebody else, or by an administrator to its first owner. The one before stays a manager.',
  })
  transferProject(
    @ProjectId() projectId: string,
    @Arg('email', () => String, { description: 'Of the new owner, who need not manage it yet.' })
    email: string,
    @Ctx() ctx: Context,
  ): Promise<Project> {
    return transferProject(ctx, projectId, email);
  }

  @Mutation(() => CreateApiKeyPayload, {
    description: 'Makes a key that stands for a project; note its secret, it is shown this once.',
  })
  createProjectApiKey(
    @ProjectId() projectId: string,
    @Arg('name', () => String, {
      nullable: true,
      description: 'What to call a key without limits; `input` is for one that has some.',
    })
    name: string | undefined,
    @Arg('input', () => CreateApiKeyInput, {
      nullable: true,
      description: 'Name and limits of the key, instead of `name`.',
    })
    input: CreateApiKeyInput | undefined,
    @Ctx() ctx: Context,
  ): Promise<NewApiKey> {
    return createProjectApiKey(ctx, projectId, input ?? { name });
  }

  @Mutation(() => ApiKeyType, {
    description: 'Ends a key of a project for good; its history stays.',
  })
  revokeProjectApiKey(
    @ProjectId() projectId: string,
    @Arg('id', () => ID, { description: 'Which key.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<ApiKey> {
    return revokeProjectApiKey(ctx, projectId, id);
  }

  @Mutation(() => ModelType, {
    description: 'Accepts the terms of a model for a project, and for nobody who manages it.',
  })
  acknowledgeModelForProject(
    @ProjectId() projectId: string,
    @Arg('name', () => String, { description: 'Of the model, as `Project.models` gives it.' })
    name: string,
    @Ctx() ctx: Context,
  ): Promise<ModelView> {
    return acknowledgeModelForProject(ctx, projectId, name);
  }
}
