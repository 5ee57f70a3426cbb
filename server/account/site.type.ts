import { Field, ObjectType } from 'type-graphql';
import { ThemeType } from '../theme/theme.type.ts';

@ObjectType('SignInWays', { description: 'How one can sign in.' })
export class SignInWaysType {
  @Field(() => Boolean, { description: 'Through an identity provider, at /login.' })
  oidc!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Whom /devlogin signs in; null unless this is an evaluation.',
  })
  devEmail!: string | null;
}

@ObjectType('Site', { description: 'What a visitor may know before signing in.' })
export class SiteType {
  @Field(() => String, { description: 'What this Lumen is called.' })
  name!: string;

  @Field(() => String, { description: 'A line below the name; may be empty.' })
  tagline!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'What the administrators tell everybody: Markdown or HTML as they wrote it, to be sanitised before it is shown.',
  })
  announcement!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where the source of this portal is; null when the configuration does not say.',
  })
  githubUrl!: string | null;

  @Field(() => String, { description: 'The version of Lumen.' })
  version!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The commit that it was built from; null when the build did not know.',
  })
  commit!: string | null;

  @Field(() => SignInWaysType, { description: 'How one can sign in.' })
  signIn!: SignInWaysType;

  @Field(() => ThemeType, {
    description: 'How the pages look: the theme of your e-mail address, or that of visitors.',
  })
  theme!: ThemeType;
}
