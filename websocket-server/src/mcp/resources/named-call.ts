import { ResourceNotFoundError } from '@modelcontextprotocol/server';
import type { CallControl, CallReading } from '../../control/call-control.ts';
import { CallNotFound } from '../../lib/errors.ts';
import { parseCallUri } from './call-uris.ts';
import type { CallPart } from './call-uris.ts';

/**
 * The call that a resource's URI names, and which part of it.
 *
 * @throws ResourceNotFoundError
 */
export async function namedCall(
  uri: string,
  control: CallControl,
): Promise<{ readonly part: CallPart; readonly reading: CallReading }> {
  const named = parseCallUri(uri);
  if (named === undefined) throw new ResourceNotFoundError(uri);
  try {
    return { part: named.part, reading: await control.read(named.callId) };
  } catch (error) {
    throw error instanceof CallNotFound ? new ResourceNotFoundError(uri) : error;
  }
}
