import { afterEach, describe, expect, test } from 'vitest';
import { writeCaption } from '../src/speech/captions.ts';
import { silenceLasting } from '../src/speech/mulaw.ts';
import { hummedText } from '../src/speech/spoken-text.ts';
import { callsTool, failsResponse, says, scripted, stalls } from '../src/voice-model/script.ts';
import { startVoiceModel } from '../src/voice-model/voice-model.ts';
import type { SimulatedVoiceModel, VoiceModelOptions } from '../src/voice-model/voice-model.ts';
import { connect, connectPhone, hum } from './voice-model-client.ts';

let running: SimulatedVoiceModel | undefined;

async function start(options: Partial<VoiceModelOptions> = {}): Promise<SimulatedVoiceModel> {
  running = await startVoiceModel({ speech: hum, pace: { firstAudioMs: 20, timesRealTime: 40 }, ...options });
  return running;
}

afterEach(async () => {
  await running?.close();
  running = undefined;
});

describe('connecting', () => {
  test('a session begins with its defaults, among them 24 kHz PCM', async () => {
    const client = await connect(await start());
    const { session } = await client.next('session.created');
    expect(session).toMatchObject({
      type: 'realtime',
      model: 'gpt-realtime-2.1',
      audio: {
        input: { format: { type: 'audio/pcm', rate: 24000 }, turn_detection: { type: 'server_vad' } },
      },
    });
    expect(session.expires_at).toBeGreaterThan(Date.now() / 1000 + 3500);
  });

  test('without a bearer the upgrade is refused with 401', async () => {
    await expect(connect(await start(), { headers: {} })).rejects.toThrow('401');
  });

  test('the beta header ends the session', async () => {
    const headers = { authorization: 'Bearer test', 'openai-beta': 'realtime=v1' };
    const client = await connect(await start(), { headers });
    expect((await client.next('error')).error.message).toBe("Unknown beta requested: 'realtime'");
    expect(await client.closed).toBe(4000);
  });

  test('the models are listed with the day they end', async () => {
    const { baseUrl } = await start();
    const response = await fetch(`${baseUrl}/models`, { headers: { authorization: 'Bearer test' } });
    const { data } = (await response.json()) as { data: object[] };
    expect(data[0]).toMatchObject({ id: 'gpt-realtime-2.1', shutdown_date: null });
    expect((await fetch(`${baseUrl}/models`)).status).toBe(401);
  });

  test('an upgrade can be refused with any status', async () => {
    await expect(connect(await start({ faults: { refusesUpgradeWith: 503 } }))).rejects.toThrow('503');
  });
});

describe('what is refused leaves everything as it was', () => {
  const realtime = { type: 'realtime' };
  const inputFormat = (format: unknown) => ({ ...realtime, audio: { input: { format } } });
  const update = (session: unknown) => ({ type: 'session.update', session });
  const detect = (turn_detection: unknown) => update({ ...realtime, audio: { input: { turn_detection } } });
  const message = (role: string, type: string) => ({
    type: 'conversation.item.create',
    item: { type: 'message', role, content: [{ type, text: 'hello' }] },
  });

  test.each([
    ['a beta field', update({ ...realtime, voice: 'alloy' }), 'unknown_parameter', 'session.voice'],
    ['modalities', update({ ...realtime, modalities: ['audio'] }), 'unknown_parameter', 'session.modalities'],
    ['a missing session type', update({ instructions: 'x' }), 'missing_required_parameter', 'session.type'],
    ['g711_ulaw', update(inputFormat('g711_ulaw')), 'invalid_type', 'session.audio.input.format'],
    [
      'another codec',
      update(inputFormat({ type: 'audio/opus' })),
      'invalid_value',
      'session.audio.input.format.type',
    ],
    [
      'a wrong rate',
      update(inputFormat({ type: 'audio/pcm', rate: 8000 })),
      'invalid_value',
      'session.audio.input.format.rate',
    ],
    [
      'a field of no turn detection',
      detect({ type: 'server_vad', eagerness: 'low' }),
      'unknown_parameter',
      'session.audio.input.turn_detection.eagerness',
    ],
    [
      'an unknown turn detection',
      detect({ type: 'psychic' }),
      'invalid_value',
      'session.audio.input.turn_detection.type',
    ],
    [
      'an idle timeout too short',
      detect({ type: 'server_vad', idle_timeout_ms: 100 }),
      'invalid_value',
      'session.audio.input.turn_detection.idle_timeout_ms',
    ],
    [
      'an unknown field of a tool',
      update({ ...realtime, tools: [{ type: 'function', name: 'a', strict: true }] }),
      'unknown_parameter',
      'session.tools[0].strict',
    ],
    ['another model', update({ ...realtime, model: 'gpt-realtime-1.5' }), 'invalid_value', 'session.model'],
    [
      'an unknown voice',
      update({ ...realtime, audio: { output: { voice: 'mabel' } } }),
      'invalid_value',
      'session.audio.output.voice',
    ],
    [
      'two modalities',
      update({ ...realtime, output_modalities: ['audio', 'text'] }),
      'invalid_value',
      'session.output_modalities',
    ],
    ['an unknown event', { type: 'response.begin' }, 'invalid_value', 'type'],
    ['an event without a type', {}, 'missing_required_parameter', 'type'],
    ['audio that is not base64', { type: 'input_audio_buffer.append', audio: 'ä' }, 'invalid_value', 'audio'],
    ['an empty commit', { type: 'input_audio_buffer.commit' }, 'input_audio_buffer_commit_empty', null],
    ['a cancel of nothing', { type: 'response.cancel' }, 'response_cancel_not_active', null],
    [
      'a cut of nothing',
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 0 },
      'item_truncate_invalid_item_id',
      'item_id',
    ],
    [
      'a cut at a fraction',
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 0.5 },
      'invalid_type',
      'audio_end_ms',
    ],
    [
      'an item after an unknown one',
      { ...message('user', 'input_text'), previous_item_id: 'x' },
      'item_create_invalid_previous_item_id',
      'previous_item_id',
    ],
    ['an assistant’s audio', message('assistant', 'output_audio'), 'invalid_value', 'item.content[0].type'],
    [
      'a result of no call',
      { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'x', output: '1' } },
      'invalid_tool_call_id',
      'item.call_id',
    ],
    [
      'temperature',
      { type: 'response.create', response: { temperature: 0.8 } },
      'unknown_parameter',
      'response.temperature',
    ],
  ])('%s', async (_name, event, code, param) => {
    const model = await start();
    const client = await connect(model);
    const { session } = await client.next('session.created');
    client.send({ ...event, event_id: 'mine' });
    const { error } = await client.next('error');
    expect(error).toMatchObject({ type: 'invalid_request_error', code, param, event_id: 'mine' });
    client.send(update(realtime));
    expect((await client.next('session.updated')).session).toEqual(session);
    expect((await model.nextSession()).violations).toHaveLength(1);
  });

  test('text that is no JSON is answered with an error', async () => {
    const model = await start();
    const client = await connect(model);
    client.send('' as unknown as object);
    expect((await client.next('error')).error.code).toBe('invalid_event');
  });

  test('reasoning on a model that does not reason', async () => {
    const client = await connect(await start(), { model: 'gpt-realtime-1.5' });
    client.send(update({ ...realtime, instructions: 'x', reasoning: { effort: 'low' } }));
    expect((await client.next('error')).error.param).toBe('session.reasoning');
  });

  test('another voice after the first audio', async () => {
    const client = await connectPhone(await start({ brain: scripted(says('Hello')) }));
    client.send({ type: 'response.create' });
    await client.next('response.done');
    client.send(update({ ...realtime, audio: { output: { voice: 'cedar' } } }));
    expect((await client.next('error')).error.code).toBe('cannot_update_voice');
  });
});

test('an update changes what it names, fills in defaults and is echoed whole', async () => {
  const client = await connectPhone(
    await start(),
    { instructions: 'Be kind.', tools: [{ type: 'function', name: 'end_call' }] },
    { input: { turn_detection: { type: 'server_vad', threshold: 0.7 } } },
  );
  client.send({ type: 'session.update', session: { type: 'realtime', instructions: '' } });
  expect((await client.next('session.updated')).session).toMatchObject({
    instructions: '',
    tools: [{ name: 'end_call' }],
    audio: {
      input: {
        format: { type: 'audio/pcmu' },
        turn_detection: { threshold: 0.7, silence_duration_ms: 500, create_response: true },
      },
      output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
    },
  });
});

describe('a turn', () => {
  test('goes through its events in the documented order, with the transcript aside', async () => {
    const brain = scripted(says('We have Tuesday.'));
    const client = await connectPhone(
      await start({ brain }),
      {},
      { input: { transcription: { model: 'gpt-transcribe' } } },
    );
    client.speaks('Is Tuesday free?');
    const { response } = await client.next('response.done');
    const { transcript } = await client.next('conversation.item.input_audio_transcription.completed');
    expect(transcript).toBe('Is Tuesday free?');
    expect(response).toMatchObject({
      status: 'completed',
      output: [{ content: [{ transcript: 'We have Tuesday.' }] }],
    });
    expect(response.usage.output_token_details.audio_tokens).toBe(
      Math.ceil(hummedText('We have Tuesday.').audio.length / 400),
    );
    const order = client.types.slice(2).filter((type) => !/delta|transcription/.test(type));
    expect(order).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done',
      'rate_limits.updated',
    ]);
  });

  test('carries exactly the audio that was said, in pieces of 200 ms', async () => {
    const client = await connectPhone(await start({ brain: scripted(says('One two three four five six')) }));
    client.send({ type: 'response.create' });
    await client.next('response.done');
    const deltas = client.events.filter(({ type }) => type === 'response.output_audio.delta');
    const pieces = deltas.map(({ delta }) => Buffer.from(delta, 'base64'));
    expect(Buffer.concat(pieces)).toEqual(Buffer.from(hummedText('One two three four five six').audio));
    expect(pieces.slice(0, -1).every(({ length }) => length === 1600)).toBe(true);
  });

  test('is not begun by hold music, nor by silence', async () => {
    const model = await start({ brain: scripted(says('Yes')) });
    const client = await connectPhone(model);
    const music = hummedText('This is a melody of many notes').audio.map((byte) => byte | 1);
    writeCaption(music, 0, { kind: 'sound', text: 'hold-music' });
    client.append(music, silenceLasting(2000));
    client.speaks('Hello');
    await client.next('response.done');
    expect(client.types.filter((type) => type === 'input_audio_buffer.speech_started')).toHaveLength(1);
    const session = await model.nextSession();
    expect(session.conversation.dialogue[0]).toEqual({ by: 'person', text: 'Hello', sounds: ['hold-music'] });
  });

  test('without captions is written down honestly', async () => {
    const client = await connectPhone(
      await start({ brain: scripted() }),
      {},
      { input: { transcription: { model: 'gpt-transcribe' } } },
    );
    client.append(
      hummedText('Mumble mumble').audio.map((byte) => byte | 1),
      silenceLasting(600),
    );
    const { transcript } = await client.next('conversation.item.input_audio_transcription.completed');
    expect(transcript).toBe('(speech without captions)');
  });

  test('with semantic detection waits for the end of the sentence', async () => {
    const turn_detection = { type: 'semantic_vad', eagerness: 'low' };
    const model = await start({ brain: scripted() });
    const client = await connectPhone(model, {}, { input: { turn_detection } });
    const { audio, words } = hummedText('Well I think Tuesday');
    const half = Math.ceil(((words[1]?.endMs ?? 0) * 8) / 160) * 160;
    client.append(audio.subarray(0, half), silenceLasting(1500), audio.subarray(half), silenceLasting(500));
    await client.next('response.done');
    expect((await model.nextSession()).conversation.dialogue[0]).toMatchObject({
      text: 'Well I think Tuesday',
    });
  });

  test('of a person who stays silent is made by the idle timeout', async () => {
    const turn_detection = { type: 'server_vad', idle_timeout_ms: 5000 };
    const model = await start({ brain: scripted(says('Hello'), says('Are you there?')) });
    const client = await connectPhone(model, {}, { input: { turn_detection } });
    client.send({ type: 'response.create' });
    await client.next('response.done');
    client.append(silenceLasting(8000));
    await client.next('input_audio_buffer.timeout_triggered');
    await client.next('response.done');
    expect((await model.nextSession()).conversation.dialogue[1]).toEqual({ by: 'silence' });
  });

  test('with detection off is the client’s to commit and to answer', async () => {
    const client = await connectPhone(
      await start({ brain: scripted(says('Yes')) }),
      {},
      { input: { turn_detection: null } },
    );
    client.speaks('Tuesday');
    client.send({ type: 'input_audio_buffer.commit' });
    const { item_id } = await client.next('input_audio_buffer.committed');
    expect((await client.next('conversation.item.added')).item.id).toBe(item_id);
    expect(client.types).not.toContain('response.created');
  });
});

describe('talking over the agent', () => {
  test('cancels the response, and the cut is held to the audio there was', async () => {
    const brain = scripted(says('A very long sentence', { lastingMs: 60_000 }), says('Sorry'));
    const model = await start({ brain, pace: { firstAudioMs: 0, timesRealTime: 4 } });
    const client = await connectPhone(model);
    client.send({ type: 'response.create' });
    const { item_id } = await client.next('response.output_audio.delta');
    client.speaks('Stop');
    const { response } = await client.next('response.done');
    expect(response.status_details).toEqual({ type: 'cancelled', reason: 'turn_detected' });
    const sent = client.events.filter(
      (event) => event.type === 'response.output_audio.delta' && event.item_id === item_id,
    );
    const cut = { type: 'conversation.item.truncate', item_id, content_index: 0 };
    client.send({ ...cut, audio_end_ms: sent.length * 200 + 1 });
    const { error } = await client.next('error');
    expect(error.message).toBe(
      `Audio content of ${sent.length * 200}ms is already shorter than ${sent.length * 200 + 1}ms`,
    );
    client.send({ ...cut, audio_end_ms: 100 });
    await client.next('conversation.item.truncated');
    client.send({ type: 'conversation.item.retrieve', item_id });
    expect((await client.next('conversation.item.retrieved')).item.content).toEqual([
      { type: 'output_audio' },
    ]);
  });

  test('leaves the response alone if interruption is off, and a second one is refused', async () => {
    const turn_detection = { type: 'server_vad', interrupt_response: false };
    const client = await connectPhone(
      await start({ brain: scripted(stalls()) }),
      {},
      { input: { turn_detection } },
    );
    client.send({ type: 'response.create' });
    await client.next('response.created');
    client.send({ type: 'response.create', event_id: 'second' });
    expect((await client.next('error')).error).toMatchObject({
      code: 'conversation_already_has_active_response',
      event_id: 'second',
    });
    client.speaks('Hello?');
    expect((await client.next('error')).error).toMatchObject({
      code: 'conversation_already_has_active_response',
      event_id: null,
    });
    client.send({ type: 'response.cancel' });
    expect((await client.next('response.done')).response.status_details.reason).toBe('client_cancelled');
  });
});

test('a function is called, its result taken, and the item chain kept', async () => {
  const brain = scripted([says('One moment.'), callsTool('look_up', { name: 'Smith' })], says('Found it.'));
  const client = await connectPhone(await start({ brain }));
  client.send({ type: 'response.create' });
  const { call_id, name, arguments: args } = await client.next('response.function_call_arguments.done');
  expect([name, JSON.parse(args)]).toEqual(['look_up', { name: 'Smith' }]);
  const { response } = await client.next('response.done');
  expect(response.output.map(({ type }: { type: string }) => type)).toEqual(['message', 'function_call']);
  client.send({
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id, output: '{}' },
  });
  await client.next('conversation.item.added');
  await client.next('conversation.item.added');
  const added = await client.next('conversation.item.added');
  expect(added.previous_item_id).toBe(response.output[1].id);
});

test('a side question is answered in text, beside an active response, and forgotten', async () => {
  const model = await start({ brain: scripted(stalls(), says('yes')) });
  const client = await connectPhone(model);
  client.send({ type: 'response.create' });
  client.send({
    type: 'response.create',
    response: {
      conversation: 'none',
      output_modalities: ['text'],
      metadata: { topic: 'voicemail' },
      input: [],
    },
  });
  const { response } = await client.next('response.done');
  expect(response).toMatchObject({
    metadata: { topic: 'voicemail' },
    conversation_id: null,
    output: [{ content: [{ text: 'yes' }] }],
  });
  expect(client.types).not.toContain('conversation.item.added');
});

test('who forgets the format gets 24 kHz PCM', async () => {
  const client = await connect(await start({ brain: scripted(says('Hello', { lastingMs: 200 })) }));
  client.send({ type: 'response.create' });
  const { delta } = await client.next('response.output_audio.delta');
  expect(Buffer.from(delta, 'base64')).toHaveLength(200 * 48);
});

describe('faults', () => {
  test('a failed response says why', async () => {
    const client = await connectPhone(
      await start({ brain: scripted(failsResponse('rate_limit_exceeded', 'Slow down.')) }),
    );
    client.send({ type: 'response.create' });
    const { response } = await client.next('response.done');
    expect(response).toMatchObject({
      status: 'failed',
      status_details: { error: { code: 'rate_limit_exceeded' } },
      usage: null,
    });
  });

  test('a session expires with an error and 1001', async () => {
    const model = await start();
    const client = await connectPhone(model);
    (await model.nextSession()).expire();
    expect((await client.next('error')).error.code).toBe('session_expired');
    expect(await client.closed).toBe(1001);
  });

  test('transcripts come in reverse', async () => {
    const transcription = { model: 'gpt-transcribe' };
    const client = await connectPhone(
      await start({ brain: scripted(), faults: { transcripts: 'reversed' } }),
      {},
      { input: { transcription } },
    );
    client.speaks('First');
    client.speaks('Second');
    const type = 'conversation.item.input_audio_transcription.completed';
    expect([(await client.next(type)).transcript, (await client.next(type)).transcript]).toEqual([
      'Second',
      'First',
    ]);
  });

  test('unknown events and fields appear', async () => {
    const client = await connect(await start({ faults: { sendsUnknownEvents: true } }));
    expect((await client.next('session.mood_changed')).mood.name).toBe('cheerful');
  });

  test('an ignored update is never answered', async () => {
    const model = await start({ faults: { ignores: ['session.update'] } });
    const client = await connect(model);
    client.send({ type: 'session.update', session: { type: 'realtime', instructions: 'x' } });
    client.send({ type: 'input_audio_buffer.clear' });
    await client.next('input_audio_buffer.cleared');
    expect(client.types).not.toContain('session.updated');
    expect((await model.nextSession()).received.map(({ type }) => type)).toContain('session.update');
  });
});

test('a test sees what the model heard, watermarks included, and two sessions never mix', async () => {
  const model = await start({ brain: () => scripted() });
  const [first, second] = [await connectPhone(model), await connectPhone(model)];
  const marked = silenceLasting(200);
  writeCaption(marked, 0, { kind: 'watermark', text: 'call-1' });
  first.append(marked);
  first.speaks('Alpha');
  second.speaks('Beta');
  const [one, two] = [await model.nextSession(), await model.nextSession()];
  expect([await one.hears('Alpha'), await two.hears('Beta')]).toEqual(['Alpha', 'Beta']);
  expect([one.watermarks, two.watermarks]).toEqual([['call-1'], []]);
  expect(one.audio.bytes).toBe(marked.length + 800 + hummedText('Alpha').audio.length + 4800);
});
