import { FieldResolver, Resolver, Root } from 'type-graphql';
import { logoPath, type Theme } from './theme.ts';
import { ThemeType } from './theme.type.ts';

@Resolver(() => ThemeType)
export class ThemeResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Path of its logo on this server; another one as soon as it is another picture.',
  })
  logo(@Root() theme: Theme): string | null {
    return logoPath(theme);
  }
}
