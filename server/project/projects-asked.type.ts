import { ArgsType, Field, Int } from 'type-graphql';
import { ProjectOrderEnum } from './project.type.ts';
import type { ProjectListing, ProjectOrder } from './project-list.ts';

@ArgsType()
export class ProjectsAsked implements ProjectListing {
  @Field(() => Int, { defaultValue: 50, description: 'How many, up to 200.' })
  first!: number;

  @Field(() => String, { nullable: true, description: 'The `next` of the page before.' })
  after?: string | null;

  @Field(() => String, { nullable: true, description: 'Words that their names or slugs contain.' })
  search?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'For administrators: inactive ones too. Owners see their own in any case.',
  })
  includeInactive!: boolean;

  @Field(() => ProjectOrderEnum, { defaultValue: 'name', description: 'What comes first.' })
  orderBy!: ProjectOrder;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the largest or newest comes first.',
  })
  descending!: boolean;
}
