/** The wire as `curl` would write it. */
export const handshakeRevisions = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];
export const modernRevision = '2026-07-28';
export const modernMeta = {
  'io.modelcontextprotocol/protocolVersion': modernRevision,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'curl', version: '8' },
};
export const both = 'application/json, text/event-stream';
/** The arguments of the documented test call. */
export const callArguments = {
  to: '+1234567890',
  from: '+10987654321',
  goal: 'Test the phone system',
  context: { test: true },
};

export function post(url: URL, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export function rpc(method: string, params: unknown = {}, id: number | string = 1) {
  return { jsonrpc: '2.0', id, method, params };
}

export function modern(method: string, params: Record<string, unknown> = {}) {
  return {
    body: rpc(method, { ...params, _meta: modernMeta }),
    headers: {
      'mcp-protocol-version': modernRevision,
      'mcp-method': method,
      ...(typeof params['name'] === 'string' ? { 'mcp-name': params['name'] } : {}),
    },
  };
}

export interface Answer {
  id?: unknown;
  result?: { tools?: { name: string }[]; isError?: boolean; content?: { text: string }[] } & Record<
    string,
    unknown
  >;
  error?: { code: number; message: string; data?: unknown };
}

export async function answerOf(response: Response): Promise<Answer> {
  return (await response.json()) as Answer;
}

export function initialize(protocolVersion: string) {
  return rpc('initialize', {
    protocolVersion,
    capabilities: {},
    clientInfo: { name: 'curl', version: '8' },
  });
}

export async function openSession(url: URL, protocolVersion = '2025-11-25'): Promise<string> {
  const response = await post(url, initialize(protocolVersion), { accept: both });
  if (response.status !== 200) throw new Error(`no session: ${response.status}`);
  await response.text();
  return response.headers.get('mcp-session-id') ?? '';
}
