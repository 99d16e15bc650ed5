import { setTimeout as pause } from 'node:timers/promises';
import type { ServerContext } from '@modelcontextprotocol/server';
import { textResult } from './fixture-tool.ts';
import type { FixtureTool } from './fixture-tool.ts';

/** One red pixel. */
export const pixelPng =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

/** A WAV file without a single sample: the 44 bytes of its header. */
function emptyWav(): string {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(8000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  return header.toString('base64');
}

const betweenStepsMs = 50;

export const contentTools: readonly FixtureTool[] = [
  {
    name: 'test_simple_text',
    description: 'Answers with text',
    run: () => textResult('This is a simple text response for testing.'),
  },
  {
    name: 'test_image_content',
    description: 'Answers with an image',
    run: () => ({ content: [{ type: 'image', data: pixelPng, mimeType: 'image/png' }] }),
  },
  {
    name: 'test_audio_content',
    description: 'Answers with audio',
    run: () => ({ content: [{ type: 'audio', data: emptyWav(), mimeType: 'audio/wav' }] }),
  },
  {
    name: 'test_embedded_resource',
    description: 'Answers with a resource inside',
    run: () => ({
      content: [
        {
          type: 'resource',
          resource: {
            uri: 'test://embedded-resource',
            mimeType: 'text/plain',
            text: 'This is an embedded resource content.',
          },
        },
      ],
    }),
  },
  {
    name: 'test_multiple_content_types',
    description: 'Answers with text, an image and a resource',
    run: () => ({
      content: [
        { type: 'text', text: 'Multiple content types test:' },
        { type: 'image', data: pixelPng, mimeType: 'image/png' },
        {
          type: 'resource',
          resource: {
            uri: 'test://mixed-content-resource',
            mimeType: 'application/json',
            text: JSON.stringify({ test: 'data', value: 123 }),
          },
        },
      ],
    }),
  },
  {
    name: 'test_error_handling',
    description: 'Fails',
    run: () => {
      throw new Error('This tool intentionally returns an error for testing');
    },
  },
  {
    name: 'test_tool_with_logging',
    description: 'Writes three log messages while it runs',
    run: async (_args, { mcpReq }) => {
      await mcpReq.log('info', 'Tool execution started');
      await pause(betweenStepsMs);
      await mcpReq.log('info', 'Tool processing data');
      await pause(betweenStepsMs);
      await mcpReq.log('info', 'Tool execution completed');
      return textResult('Three messages were logged.');
    },
  },
  {
    name: 'test_logging_tool',
    description: 'Writes one log message, for clients that asked for a level',
    run: async (_args, { mcpReq }) => {
      await mcpReq.log('info', 'A message for those who asked');
      return textResult('One message was logged.');
    },
  },
  {
    name: 'test_tool_with_progress',
    description: 'Tells its progress in three steps',
    run: async (_args, context) => {
      await tellProgress(context, 0);
      await pause(betweenStepsMs);
      await tellProgress(context, 50);
      await pause(betweenStepsMs);
      await tellProgress(context, 100);
      return textResult('All steps are done.');
    },
  },
];

async function tellProgress({ mcpReq }: ServerContext, progress: number): Promise<void> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
}
