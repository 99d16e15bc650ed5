import type { WebSocket } from 'ws';
import type { Pacer } from './pacer.ts';
import { longField, readStamps, StampWriter } from './stamped-audio.ts';
import type { CallTally, Tally } from './tally.ts';

/** 200 ms of audio in each delta, one every 50 ms: four times as fast as it plays. */
const agent = new StampWriter(10);
const ticksPerDelta = 5;
/** 3 s of audio in a response. */
const deltasPerResponse = 15;
/** A turn of the person and the reply to it, in ticks of 10 ms. */
const cycleTicks = 600;
const responseDoneTick = deltasPerResponse * ticksPerDelta + 5;
/** When the person begins to speak, cycle by cycle: before the next reply, or into this one, while it is made or after. */
const speechTicks = [520, 45, 520, 150] as const;
const firstSpeechTick = 20;
const words = ['Of', 'course,', 'a', 'table', 'for', 'two', 'at', 'half', 'past', 'seven', 'would', 'do.'];

/** The model's end of one call: hears the person, and speaks for 3 s in every 6 s. */
export class ModelSession {
  readonly #socket: WebSocket;
  readonly #tally: Tally;
  readonly #stopPacing: () => void;
  #call: CallTally | undefined;
  #events = 0;
  #ticks = 0;
  #cycle = -1;
  /** Tick of the cycle; the first cycle begins with the person's first words, at a moment of its own for each call. */
  #tick = 0;
  #isSpeaking = true;
  #isPersonSpeaking = false;
  #isResponding = false;
  #audioMs = 0;
  #lastItemId: string | null = null;

  constructor(socket: WebSocket, tally: Tally, pacer: Pacer) {
    this.#socket = socket;
    this.#tally = tally;
    this.#stopPacing = pacer.every(() => this.#step());
    this.#send('session.created', { session: { id: 'sess_bench', type: 'realtime', model: 'bench' } });
    socket.on('message', (message: Buffer) => this.#received(message));
    socket.on('error', () => {});
    socket.on('close', () => this.#stopPacing());
  }

  /** Breaks off in the middle of whatever it says. */
  fallSilent(): void {
    this.#isSpeaking = false;
  }

  #received(message: Buffer): void {
    const now = performance.now();
    const text = message.toString('latin1');
    const audio = text.includes('input_audio_buffer.append') ? longField(text, '"audio"') : undefined;
    if (audio !== undefined) {
      this.#audioMs += readStamps(audio, (stamp) => {
        if (this.#call === undefined && stamp !== undefined) this.#bind(stamp.call);
        if (this.#call !== undefined) this.#tally.heardByModel(this.#call, stamp, now);
      });
      return;
    }
    const event = JSON.parse(message.toString()) as ClientEvent;
    if (event.type === 'session.update') this.#update(event.session ?? {});
    else if (event.type === 'response.create') this.#asked(event);
  }

  /** A server under test that names the call in the instructions is held to it; else the first audio decides. */
  #update(session: Readonly<Record<string, unknown>>): void {
    const named = /bench call (\d+)/.exec(String(session['instructions']))?.[1];
    if (named !== undefined) this.#bind(Number(named));
    this.#send('session.updated', { session: { id: 'sess_bench', model: 'bench', ...session } });
  }

  #bind(index: number): void {
    const call = this.#tally.calls[index];
    if (call === undefined) return;
    call.modelSessions += 1;
    this.#call = call;
  }

  /** Only what is asked on the side is answered: the rest is this session's own plan. */
  #asked({ response }: ClientEvent): void {
    if (response?.conversation !== 'none') return;
    const { metadata } = response;
    const id = `resp_${this.#name()}_aside_${this.#events}`;
    const report = JSON.stringify({
      status: 'confirmed',
      summary: 'A table for two at half past seven.',
      entities: [],
    });
    const item = { type: 'function_call', call_id: `call_${id}`, name: 'report_outcome', arguments: report };
    this.#send('response.created', { response: { id, metadata } });
    this.#send('response.output_item.done', { response_id: id, item: { ...item, status: 'completed' } });
    this.#send('response.done', { response: { id, status: 'completed', metadata } });
  }

  #step(): void {
    const call = this.#call;
    if (!this.#isSpeaking || call === undefined || call.firstAppendAt === 0) return;
    this.#ticks += 1;
    if (this.#cycle === -1) {
      if (this.#ticks === firstSpeechTick) this.#personSpeaks();
      const firstCycleTick = firstSpeechTick + 40 + ((call.index * 997) % cycleTicks);
      if (this.#ticks < firstCycleTick) return;
      this.#beginCycle();
    } else {
      this.#tick += 1;
      if (this.#tick === cycleTicks) this.#beginCycle();
    }
    if (this.#isResponding) this.#respond(call);
    const speechTick = speechTicks[(this.#cycle + call.index) % speechTicks.length];
    if (this.#cycle >= 0 && this.#tick === speechTick) this.#breakIn(call);
  }

  #beginCycle(): void {
    this.#cycle += 1;
    this.#tick = 0;
    this.#personStops();
    this.#beginResponse();
  }

  #respond(call: CallTally): void {
    if (this.#tick > 0 && this.#tick % ticksPerDelta === 0 && this.#tick < responseDoneTick) {
      const word = words[(this.#tick / ticksPerDelta) % words.length];
      this.#sendDelta('response.output_audio_transcript.delta', `${word} `);
      this.#sendAudio(call, false);
    }
    if (this.#tick === responseDoneTick) this.#endResponse('completed');
  }

  /** The person speaks; while the agent is being heard, that is a barge-in. */
  #breakIn(call: CallTally): void {
    const isBargeIn = this.#tick < cycleTicks / 2;
    if (isBargeIn) this.#tally.bargedIn(call, this.#response, performance.now());
    this.#personSpeaks();
    if (!this.#isResponding) return;
    // The last of a cancelled response is often on its way already.
    this.#sendAudio(call, true);
    this.#endResponse('cancelled');
  }

  #personSpeaks(): void {
    this.#isPersonSpeaking = true;
    this.#send('input_audio_buffer.speech_started', {
      audio_start_ms: this.#audioMs,
      item_id: this.#personItem(),
    });
  }

  #personStops(): void {
    if (!this.#isPersonSpeaking) return;
    this.#isPersonSpeaking = false;
    const item_id = this.#personItem(-1);
    this.#send('input_audio_buffer.speech_stopped', { audio_end_ms: this.#audioMs, item_id });
    this.#send('input_audio_buffer.committed', { previous_item_id: this.#lastItemId, item_id });
    const item = { id: item_id, type: 'message', role: 'user', content: [{ type: 'input_audio' }] };
    this.#send('conversation.item.added', { previous_item_id: this.#lastItemId, item });
    this.#lastItemId = item_id;
    const heard = 'conversation.item.input_audio_transcription';
    this.#send(`${heard}.delta`, { item_id, content_index: 0, delta: 'Half past seven, please.' });
    this.#send(`${heard}.completed`, { item_id, content_index: 0, transcript: 'Half past seven, please.' });
  }

  #beginResponse(): void {
    this.#isResponding = true;
    const response = { id: this.#responseId(), status: 'in_progress', metadata: null };
    const item = { id: this.#agentItem(), type: 'message', role: 'assistant', content: [] };
    const place = { response_id: response.id, output_index: 0 };
    this.#send('response.created', { response });
    this.#send('response.output_item.added', { ...place, item });
    this.#send('conversation.item.added', { previous_item_id: this.#lastItemId, item });
    this.#send('response.content_part.added', { ...place, item_id: item.id, part: { type: 'audio' } });
    this.#lastItemId = item.id;
  }

  #endResponse(status: 'completed' | 'cancelled'): void {
    this.#isResponding = false;
    const place = { response_id: this.#responseId(), item_id: this.#agentItem(), output_index: 0 };
    const part = { ...place, content_index: 0 };
    const item = { id: place.item_id, type: 'message', role: 'assistant', status };
    this.#send('response.output_audio.done', part);
    this.#send('response.output_audio_transcript.done', { ...part, transcript: words.join(' ') });
    this.#send('response.content_part.done', { ...part, part: { type: 'audio' } });
    this.#send('response.output_item.done', { ...place, item });
    this.#send('conversation.item.done', { item });
    this.#send('response.done', {
      response: { id: place.response_id, status, output: [item], metadata: null },
    });
    this.#send('rate_limits.updated', { rate_limits: [{ name: 'tokens', limit: 1, remaining: 1 }] });
  }

  /** The blocks of a late delta have no place in the sequence: none of them may arrive. */
  #sendAudio(call: CallTally, isLate: boolean): void {
    const stamp = {
      isFromModel: true,
      isLate,
      call: call.index,
      sequence: isLate ? 0 : call.downSent,
      response: this.#response,
      sentAt: performance.now(),
    };
    if (!isLate) call.downSent += agent.blocks;
    this.#sendDelta('response.output_audio.delta', agent.base64(stamp));
  }

  #sendDelta(type: string, delta: string): void {
    this.#events += 1;
    this.#socket.send(
      `{"type":"${type}","event_id":"event_${this.#events}","response_id":"${this.#responseId()}","item_id":"${this.#agentItem()}","output_index":0,"content_index":0,"delta":"${delta}"}`,
    );
  }

  get #response(): number {
    return this.#cycle + 1;
  }

  #name(): string {
    return String(this.#call?.index ?? 'x');
  }

  #responseId(): string {
    return `resp_${this.#name()}_${this.#response}`;
  }

  #agentItem(): string {
    return `item_${this.#name()}_agent_${this.#response}`;
  }

  /** What the person says before the reply of the next cycle. @param cycles counted from that */
  #personItem(cycles = 0): string {
    return `item_${this.#name()}_person_${this.#response + 1 + cycles}`;
  }

  #send(type: string, fields: object): void {
    this.#events += 1;
    this.#socket.send(JSON.stringify({ type, event_id: `event_${this.#events}`, ...fields }));
  }
}

interface ClientEvent {
  readonly type: string;
  readonly session?: Readonly<Record<string, unknown>>;
  readonly response?: { readonly conversation?: string; readonly metadata?: object };
}
