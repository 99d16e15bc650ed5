/** What can be read of a call: how it stands, or what was said. */
export type CallPart = 'report' | 'transcript';

/** The templates under which clients find both parts (RFC 6570). */
export const callUriTemplates: Readonly<Record<CallPart, string>> = {
  report: 'call://{callId}',
  transcript: 'call://{callId}/transcript',
};

export function callUri(callId: string, part: CallPart): string {
  return callUriTemplates[part].replace('{callId}', callId);
}

/** @returns undefined for a URI that can be none of a call */
export function parseCallUri(uri: string): { readonly callId: string; readonly part: CallPart } | undefined {
  const [, callId, tail] = /^call:\/\/([\w-]{1,200})(\/transcript)?$/.exec(uri) ?? [];
  if (callId === undefined) return undefined;
  return { callId, part: tail === undefined ? 'report' : 'transcript' };
}
