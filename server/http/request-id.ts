import type { ServerResponse } from 'node:http';

export const REQUEST_ID = 'x-request-id';

export const requestIdOf = (response: ServerResponse): string =>
  String(response.getHeader(REQUEST_ID));
