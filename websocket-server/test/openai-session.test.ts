import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { objections } from './openai-schema.ts';
import { chunkOf } from './openai-side.ts';
import { audioDelta, Stage } from './openai-stage.ts';

let stage: Stage;

async function open() {
  stage = await Stage.open();
  return stage;
}

afterEach(() => stage.side.stop());

describe('audio', () => {
  test('reaches the model byte for byte, in order, as text frames', async () => {
    const { session, peer } = await open();
    const chunks = Array.from({ length: 50 }, (_, index) => chunkOf(Buffer.alloc(160, index)));
    for (const chunk of chunks) session.append(chunk);
    await peer.receives('input_audio_buffer.append', 50);
    const appended = peer.received.slice(1);
    expect(appended.map(({ audio }) => audio)).toEqual(
      chunks.map(({ base64 }) => Buffer.from(base64).toString()),
    );
    expect(appended.every((message) => objections(message).length === 0)).toBe(true);
    expect(peer.raw).not.toContain('(binary)');
  });

  test('reaches the person byte for byte, in order, however its JSON is written', async () => {
    const { peer, ears } = await open();
    const pieces = [1600, 160, 159, 1, 0, 65_536].map((bytes, index) =>
      Buffer.alloc(bytes, index).toString('base64'),
    );
    for (const piece of pieces) {
      peer.send(audioDelta(piece));
      peer.socket.send(JSON.stringify(audioDelta(piece), null, 1).replaceAll('\n', ' '));
      peer.socket.send(JSON.stringify(audioDelta(piece)).replaceAll('/', '\\/'));
    }
    await stage.settled();
    const heard = pieces.filter((piece) => piece !== '');
    expect(ears.sounds.map(({ base64 }) => base64)).toEqual(heard.flatMap((piece) => [piece, piece, piece]));
    expect(ears.sounds[0]).toMatchObject({ itemId: 'item_1', responseId: 'resp_1', ms: 200 });
  });

  test('of 24 MB in one message is left unread, and the session lives on', async () => {
    const { peer, ears } = await open();
    peer.send(audioDelta(Buffer.alloc(18_000_000, 0x55).toString('base64')));
    peer.send(audioDelta('AAAA'));
    await ears.hears(1);
    expect(ears.sounds[0]?.base64).toBe('AAAA');
    await stage.settled();
  });

  test('that comes after its response was cancelled is dropped', async () => {
    const { peer, ears } = await open();
    peer.send(audioDelta('AAAA'));
    peer.send({ type: 'response.done', response: { id: 'resp_1', status: 'cancelled' } });
    peer.send(audioDelta('BBBB'));
    peer.socket.send(JSON.stringify(audioDelta('//8=')).replaceAll('/', '\\/'));
    peer.send(audioDelta('CCCC', { response_id: 'resp_2', item_id: 'item_2' }));
    await stage.settled();
    expect(ears.sounds.map(({ base64, itemId }) => [itemId, base64])).toEqual([
      ['item_1', 'AAAA'],
      ['item_2', 'CCCC'],
    ]);
  });

  test('piles up visibly when the model does not read, and only then', async () => {
    const { session, peer } = await open();
    expect(session.backlogBytes).toBe(0);
    peer.socket.pause();
    const second = chunkOf(Buffer.alloc(8_000));
    for (let index = 0; index < 1_000; index += 1) session.append(second);
    expect(session.backlogBytes).toBeGreaterThan(1_000_000);
    peer.socket.resume();
    await peer.receives('input_audio_buffer.append', 1_000);
    await stage.settled();
    expect(session.backlogBytes).toBe(0);
  });
});

describe('the conversation', () => {
  test('everything said to the model is what the schema allows, each under an id of its own', async () => {
    const { session, peer } = await open();
    session.requestResponse({ requestId: 'r1', instructions: 'Greet.' });
    session.requestResponse({ requestId: 'r2', aside: { tool: 'report_outcome' } });
    session.cancelResponse('resp_1');
    session.cancelResponse(undefined);
    session.truncate('item_1', 1500);
    session.deleteItem('item_2');
    session.addText('person', 'Pressed 1');
    session.addText('system', 'The owner says: any table.');
    session.answerTool('call_1', '{"ok":true}');
    await peer.receives('conversation.item.create', 3);
    expect(peer.received.flatMap(objections)).toEqual([]);
    const ids = peer.received.map((message) => message['event_id']);
    expect(ids.every((id) => typeof id === 'string')).toBe(true);
    expect(new Set(ids).size).toBe(peer.received.length);
  });

  test('a turn is told in the words of the port, in order, each thing once', async () => {
    const { peer, ears } = await open();
    const agentItem = { id: 'i2', type: 'message', role: 'assistant', content: [] };
    const personItem = { id: 'i1', type: 'message', role: 'user', content: [{ type: 'input_audio' }] };
    const call = { id: 'i3', type: 'function_call', call_id: 'c1', name: 'end_call', arguments: '{}' };
    const inResponse = { response_id: 'resp_1', item_id: 'i2', output_index: 0, content_index: 0 };
    for (const message of [
      { type: 'input_audio_buffer.speech_started', item_id: 'i1', audio_start_ms: 0 },
      { type: 'input_audio_buffer.speech_stopped', item_id: 'i1', audio_end_ms: 900 },
      { type: 'input_audio_buffer.committed', item_id: 'i1', previous_item_id: null },
      { type: 'conversation.item.added', item: personItem, previous_item_id: null },
      { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } },
      { type: 'response.output_item.added', response_id: 'resp_1', item: agentItem },
      { type: 'conversation.item.added', item: agentItem, previous_item_id: 'i1' },
      { type: 'response.output_audio_transcript.delta', ...inResponse, delta: 'Bye' },
      { type: 'response.output_audio.done', ...inResponse },
      { type: 'response.output_audio_transcript.done', ...inResponse, transcript: 'Bye.' },
      { type: 'conversation.item.done', item: agentItem, previous_item_id: 'i1' },
      { ...call, type: 'response.function_call_arguments.done', response_id: 'resp_1' },
      { type: 'response.output_item.done', response_id: 'resp_1', item: call },
      { type: 'response.done', response: { id: 'resp_1', status: 'completed' } },
      { type: 'rate_limits.updated', rate_limits: [] },
      { type: 'conversation.item.input_audio_transcription.completed', item_id: 'i1', transcript: 'Bye!' },
    ]) {
      peer.send(message);
    }
    await stage.settled();
    expect(ears.events).toEqual([
      { type: 'speech-started', itemId: 'i1' },
      { type: 'speech-stopped', itemId: 'i1' },
      { type: 'item-added', itemId: 'i1', afterItemId: null, speaker: 'person' },
      { type: 'response-started', responseId: 'resp_1', isAside: false },
      { type: 'item-added', itemId: 'i2', afterItemId: 'i1', speaker: 'agent' },
      { type: 'agent-words-growing', itemId: 'i2', delta: 'Bye' },
      { type: 'audio-ended', itemId: 'i2', responseId: 'resp_1' },
      { type: 'agent-words-settled', itemId: 'i2', text: 'Bye.' },
      { type: 'tool-called', toolCallId: 'c1', responseId: 'resp_1', name: 'end_call', arguments: '{}' },
      {
        type: 'response-ended',
        responseId: 'resp_1',
        isAside: false,
        status: 'completed',
        failure: undefined,
      },
      { type: 'person-words-settled', itemId: 'i1', text: 'Bye!' },
    ]);
  });

  test('a question on the side is answered by its tool alone', async () => {
    const { session, peer, ears } = await open();
    session.requestResponse({ requestId: 'r9', aside: { tool: 'report_outcome' } });
    const { response } = await peer.receives('response.create');
    const { metadata } = response as { metadata: unknown };
    const call = {
      type: 'function_call',
      call_id: 'c9',
      name: 'report_outcome',
      arguments: '{"summary":"ok"}',
    };
    peer.send({ type: 'response.created', response: { id: 'resp_9', metadata } });
    peer.send(audioDelta('AAAA', { response_id: 'resp_9' }));
    peer.send({ type: 'response.output_item.done', response_id: 'resp_9', item: call });
    peer.send({ type: 'response.done', response: { id: 'resp_9', status: 'completed', metadata } });
    await stage.settled();
    expect(ears.sounds).toEqual([]);
    expect(ears.events).toMatchObject([
      { type: 'response-started', responseId: 'resp_9', isAside: true },
      { type: 'tool-called', responseId: 'resp_9', name: 'report_outcome', arguments: '{"summary":"ok"}' },
      { type: 'response-ended', responseId: 'resp_9', isAside: true },
    ]);
  });

  test('a refused request is told by its id, a late cancellation not at all, and both leave the session open', async () => {
    const { session, peer, ears } = await open();
    session.requestResponse({ requestId: 'r1' });
    const request = await peer.receives('response.create');
    session.cancelResponse('resp_1');
    const cancel = await peer.receives('response.cancel');
    const refuse = (code: string, event_id: unknown) =>
      peer.send({ type: 'error', error: { type: 'invalid_request_error', code, message: 'No.', event_id } });
    refuse('conversation_already_has_active_response', request['event_id']);
    refuse('response_cancel_not_active', cancel['event_id']);
    refuse('invalid_value', 'truncate:7');
    refuse('insufficient_quota', null);
    await stage.settled();
    expect(ears.events).toMatchObject([
      { type: 'response-refused', requestId: 'r1' },
      { type: 'problem', code: 'message-refused', isFatal: false },
      { type: 'problem', code: 'quota-used-up', isFatal: true },
    ]);
  });

  test('garbage of every kind is ignored, and what follows is heard', async () => {
    const { peer, ears } = await open();
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const garbage of [
      '',
      'not json',
      '[]',
      'null',
      '"text"',
      '{"type":',
      '{"type":"response.output_audio.delta"}',
      '{"type":"response.output_audio.delta","delta":"AAAA',
      '{"type":"response.output_audio.delta","response_id":"r","item_id":"i","delta":"\u0000\n"}',
      '{"type":"response.output_audio.delta","response_id":"r","item_id":"i","delta":"\\u0022,"}',
      '{"type":"response.output_audio.delta","response_id":"r","item_id":"i","delta":"no base64!"}',
      '{"type":"response.done","response":null}',
      '{"type":"error","error":"everything"}',
      '{"type":"__proto__","__proto__":{"type":"error"}}',
      deep,
      JSON.stringify({ type: 'conversation.item.added', item: { id: 'x'.repeat(2_000_000) } }),
    ]) {
      peer.socket.send(garbage);
    }
    peer.socket.send(Buffer.from([0xff, 0xfe, 0x00, 0x7b]), { binary: true });
    peer.socket.send(Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22]), { binary: false });
    peer.send(audioDelta('AAAA'));
    await stage.settled();
    expect(ears.sounds.map(({ base64 }) => base64)).toEqual(['AAAA']);
    expect(ears.events).toMatchObject([{ type: 'problem', isFatal: false }]);
  });

  test('a listener that throws harms neither the session nor the process', async () => {
    const { peer, ears } = await open();
    const { event, audio } = ears;
    let faults = 0;
    ears.event = ears.audio = () => {
      faults += 1;
      throw new Error('a fault of the listener');
    };
    peer.send(audioDelta('AAAA'));
    peer.send({ type: 'input_audio_buffer.speech_started', item_id: 'i1' });
    peer.socket.ping();
    await once(peer.socket, 'pong');
    expect(faults).toBe(2);
    ears.event = event;
    ears.audio = audio;
    peer.send(audioDelta('BBBB'));
    await ears.hears(1);
  });
});
