import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ImportedLine, ImportState, MembersImport } from './import-members.ts';

const ImportStateEnum = {
  NEW: 'NEW',
  MEMBER: 'MEMBER',
  UNKNOWN: 'UNKNOWN',
  DUPLICATE: 'DUPLICATE',
  MALFORMED: 'MALFORMED',
} as const satisfies Record<ImportState, ImportState>;
registerEnumType(ImportStateEnum, {
  name: 'ImportState',
  description: 'What becomes of a line of a file of members.',
  valuesConfig: {
    NEW: { description: 'The person is put in.' },
    MEMBER: { description: 'An administrator has put them in before.' },
    UNKNOWN: { description: 'Nobody with this address has signed in yet.' },
    DUPLICATE: { description: 'A line before has the same address.' },
    MALFORMED: { description: 'There is no address in it.' },
  },
});

@ObjectType('ImportedLine', { description: 'A line of a file of members.' })
class ImportedLineType implements ImportedLine {
  @Field(() => Int, { description: 'Its number in the file, from 1.' })
  line!: number;

  @Field(() => String, { description: 'What was taken for the address, shortened.' })
  text!: string;

  @Field(() => String, { nullable: true, description: 'The address, normalised; null for none.' })
  email!: string | null;

  @Field(() => ImportStateEnum, { description: 'What becomes of it.' })
  state!: ImportState;
}

@ObjectType('MembersImport', { description: 'What a file of members does to a group.' })
export class MembersImportType implements MembersImport {
  @Field(() => [ImportedLineType], { description: 'Its lines but for headings and empty ones.' })
  lines!: readonly ImportedLine[];
}
