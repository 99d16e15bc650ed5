import {
  AppBridge,
  PostMessageTransport,
  RESOURCE_MIME_TYPE,
  getToolUiResourceUri,
} from '@modelcontextprotocol/ext-apps/app-bridge';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { HostWindow } from './host-window.ts';

/** What hosts allow a page that asks for nothing (MCP Apps 2026-01-26, "Content Security Policy"). */
const policy =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'";

const client = new Client(
  { name: 'host-page', version: '1.0.0' },
  {
    capabilities: { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: [RESOURCE_MIME_TYPE] } } },
    versionNegotiation: { mode: 'auto' },
  },
);
const connected = client.connect(new StreamableHTTPClientTransport(new URL('/mcp', location.href)));
const modelContext: string[] = [];
const openedLinks: string[] = [];

async function showTool(name: string, args: Record<string, unknown>, theme: 'light' | 'dark'): Promise<void> {
  await connected;
  const { tools } = await client.listTools();
  const tool = tools.find((listed) => listed.name === name);
  const uri = tool && getToolUiResourceUri(tool);
  if (tool === undefined || uri === undefined) throw new Error(`${name} has no page`);
  const { contents } = await client.readResource({ uri });
  const [page] = contents;
  if (page === undefined || !('text' in page) || page.mimeType !== RESOURCE_MIME_TYPE) {
    throw new Error(`${uri} is no page`);
  }
  const bridge = new AppBridge(
    client,
    { name: 'host-page', version: '1.0.0' },
    { serverTools: {}, openLinks: {}, updateModelContext: { text: {} } },
    { hostContext: { theme, displayMode: 'inline', toolInfo: { tool } } },
  );
  bridge.onopenlink = async ({ url }) => {
    openedLinks.push(url);
    return {};
  };
  bridge.onupdatemodelcontext = async ({ content }) => {
    for (const part of content ?? []) if (part.type === 'text') modelContext.push(part.text);
    return {};
  };
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts allow-forms');
  frame.style.cssText = 'width: 100%; height: 60px; border: 1px solid #8884; border-radius: 14px';
  bridge.onsizechange = ({ height }) => {
    if (height !== undefined) frame.style.height = `${height}px`;
  };
  const initialized = new Promise<void>((resolve) => {
    bridge.oninitialized = () => resolve();
  });
  document.documentElement.style.colorScheme = theme;
  document.body.append(frame);
  const inside = frame.contentWindow;
  if (inside === null) throw new Error('no frame');
  await bridge.connect(new PostMessageTransport(inside, inside));
  frame.srcdoc = page.text.replace(
    '<head>',
    `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`,
  );
  await initialized;
  await bridge.sendToolInput({ arguments: args });
  const result = await client.callTool({ name, arguments: args });
  await bridge.sendToolResult(result);
}

Object.assign(window, { host: { showTool, modelContext, openedLinks } satisfies HostWindow });
