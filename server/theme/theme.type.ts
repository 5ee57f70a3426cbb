import { Field, ObjectType } from 'type-graphql';
import type { Theme, ThemeColor } from './theme.ts';

@ObjectType('ThemeColor', { description: 'One colour of the pages.' })
class ThemeColorType implements ThemeColor {
  @Field(() => String, { description: 'What it is for, such as `accent`.' })
  token!: ThemeColor['token'];

  @Field(() => String, { description: 'In the light, as `#rrggbb`.' })
  light!: string;

  @Field(() => String, { description: 'In the dark, as `#rrggbb`.' })
  dark!: string;
}

@ObjectType('FooterLink', { description: 'A link at the foot of pages.' })
class FooterLinkType {
  @Field(() => String, { description: 'What it says.' })
  text!: string;

  @Field(() => String, { description: 'Where it leads.' })
  url!: string;
}

@ObjectType('Theme', { description: 'What an institution gives the pages.' })
export class ThemeType implements Omit<Theme, 'logo'> {
  @Field(() => String, { description: 'What the configuration calls it.' })
  name!: string;

  @Field(() => String, { description: 'Name of the institution; may be empty.' })
  institution!: string;

  @Field(() => String, { nullable: true, description: 'Its own pages.' })
  institutionUrl!: string | null;

  @Field(() => String, { description: 'What its logo shows, in words.' })
  logoAlt!: string;

  @Field(() => [ThemeColorType], {
    description: 'Either none, which leaves the colours of Lumen, or all.',
  })
  colors!: readonly ThemeColor[];

  @Field(() => [FooterLinkType], { description: 'In the order in which they are shown.' })
  footerLinks!: readonly FooterLinkType[];
}
