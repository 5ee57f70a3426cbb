/** A request that works as it stands, for a terminal. */
export function curlExample(origin: string, secret: string, model: string): string {
  return [
    `curl ${origin}/v1/chat/completions \\`,
    `  -H "Authorization: Bearer ${secret}" \\`,
    '  -H "Content-Type: application/json" \\',
    `  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello!"}]}'`,
  ].join('\n');
}

/** The same with OpenAI's own library for Python. */
export function pythonExample(origin: string, secret: string, model: string): string {
  return [
    'from openai import OpenAI',
    '',
    `client = OpenAI(base_url="${origin}/v1", api_key="${secret}")`,
    'answer = client.chat.completions.create(',
    `    model="${model}",`,
    '    messages=[{"role": "user", "content": "Hello!"}],',
    ')',
    'print(answer.choices[0].message.content)',
  ].join('\n');
}
