import { ResourceTemplate, completable, inputRequired } from '@modelcontextprotocol/server';
import type { GetPromptResult, McpServer, ServerEventBus } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { ServerExtension } from '../../src/mcp/server-factory.ts';
import { askingTools } from './asking-tools.ts';
import { contentTools, pixelPng } from './content-tools.ts';
import { inputSchemaOf, registerFixtureTool, textResult } from './fixture-tool.ts';
import type { FixtureTool } from './fixture-tool.ts';
import { answered, askFor, inputTools, requestStates } from './input-tools.ts';

/** Everything that the official suite calls by name, on top of what the product has. */
export const conformanceFixtures: ServerExtension = {
  requestState: { verify: requestStates.verify },
  add: (server, bus) => {
    server.server.registerCapabilities({
      tools: { listChanged: true },
      prompts: { listChanged: true },
      logging: {},
    });
    const triggers = (['tool', 'prompt'] as const).map((kind) => changeTrigger(kind, bus));
    const tools = [...contentTools, ...askingTools, ...inputTools, ...triggers];
    for (const tool of tools) registerFixtureTool(server, tool);
    addResources(server);
    addPrompts(server);
    return tools.map((tool) => ({
      name: tool.name,
      description: tool.description,
      inputSchema: inputSchemaOf(tool),
    }));
  },
};

function changeTrigger(kind: 'tool' | 'prompt', bus: ServerEventBus): FixtureTool {
  return {
    name: `test_trigger_${kind}_change`,
    description: `Tells that the list of ${kind}s has changed`,
    run: () => {
      bus.publish({ kind: `${kind}s_list_changed` });
      return textResult('Told.');
    },
  };
}

function addResources(server: McpServer): void {
  const plain = { description: 'A fixture', mimeType: 'text/plain' };
  server.registerResource('static-text', 'test://static-text', plain, ({ href }) => ({
    contents: [
      { uri: href, mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
    ],
  }));
  server.registerResource(
    'static-binary',
    'test://static-binary',
    { ...plain, mimeType: 'image/png' },
    ({ href }) => ({ contents: [{ uri: href, mimeType: 'image/png', blob: pixelPng }] }),
  );
  server.registerResource('watched', 'test://watched-resource', plain, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'text/plain', text: 'Watched resource content' }],
  }));
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { ...plain, mimeType: 'application/json' },
    ({ href }, { id }) => ({
      contents: [
        {
          uri: href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
        },
      ],
    }),
  );
}

function addPrompts(server: McpServer): void {
  const description = 'A fixture';
  server.registerPrompt('test_simple_prompt', { description }, () =>
    told('This is a simple prompt for testing.'),
  );
  const words = (like: string) => ['paris', 'park', 'party'].filter((word) => word.startsWith(like));
  server.registerPrompt(
    'test_prompt_with_arguments',
    {
      description,
      argsSchema: z.object({ arg1: completable(z.string(), words), arg2: z.string() }),
    },
    ({ arg1, arg2 }) => told(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description, argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) => ({
      messages: [
        {
          role: 'user',
          content: {
            type: 'resource',
            resource: {
              uri: resourceUri,
              mimeType: 'text/plain',
              text: 'Embedded resource content for testing.',
            },
          },
        },
        ...told('Please process the embedded resource above.').messages,
      ],
    }),
  );
  server.registerPrompt('test_prompt_with_image', { description }, () => ({
    messages: [
      { role: 'user', content: { type: 'image', data: pixelPng, mimeType: 'image/png' } },
      ...told('Please analyze the image above.').messages,
    ],
  }));
  server.registerPrompt('test_input_required_result_prompt', { description }, (context) => {
    const wanted = answered(context, 'user_context', 'context');
    if (wanted !== undefined) return told(`Use this context: ${wanted}`);
    return inputRequired({
      inputRequests: { user_context: askFor('What context should the prompt use?', 'context') },
    });
  });
}

function told(text: string): GetPromptResult {
  return { messages: [{ role: 'user', content: { type: 'text', text } }] };
}
