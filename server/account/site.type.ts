import { Field, ObjectType } from 'type-graphql';

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

  @Field(() => String, { description: 'The version of Lumen.' })
  version!: string;

  @Field(() => SignInWaysType, { description: 'How one can sign in.' })
  signIn!: SignInWaysType;
}
