/** What `--json` turns the result of a command into; every command has it. */
export const JSON_OPTION = ['--json', 'print one JSON object instead of sentences'] as const;

export interface Output {
  readonly json?: true;
}

/** Results go to standard output, as one JSON object or in words. */
export function tell({ json }: Output, result: object, words: string): void {
  process.stdout.write(`${json ? JSON.stringify(result) : words}\n`);
}
