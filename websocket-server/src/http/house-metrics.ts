import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { readinessParts } from '../checkup/readiness.ts';
import type { Readiness } from '../checkup/readiness.ts';
import type { HouseControl } from '../control/house-control.ts';
import type { Counted } from '../lib/tally.ts';

/**
 * Puts into a registry what the house as a whole tells: what waits in this process, what was counted besides the
 * events of calls, and which part keeps calls from being placed. All of it is asked at each scrape.
 */
export function countHouse(house: HouseControl, readiness: Readiness, registry: Registry): void {
  const registers = [registry];
  for (const [name, help, ofLoad] of [
    ['telephone_events_unwritten', 'Events of calls that the store does not have yet', 'unwrittenEvents'],
    ['telephone_watchers', 'Pages, clients and parts of this server that follow calls', 'watchers'],
    ['telephone_watchers_behind', 'Watchers that are told later than things happen', 'watchersBehind'],
  ] as const) {
    void new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(house.load()[ofLoad]);
      },
    });
  }
  void new Gauge({
    name: 'telephone_audio_waiting_bytes',
    help: 'Audio in memory that the carrier or the model has not taken yet, in all live calls',
    labelNames: ['direction'],
    registers,
    collect() {
      const { toPerson, toModel } = house.load().waitingAudioBytes;
      this.set({ direction: 'to-person' }, toPerson);
      this.set({ direction: 'to-model' }, toModel);
    },
  });
  void new Gauge({
    name: 'telephone_ready',
    help: '1 where a part is ready for calls to be placed, 0 where it is not',
    labelNames: ['part'],
    registers,
    async collect() {
      const missing = new Set((await readiness()).map(({ part }) => part));
      for (const part of readinessParts) this.set({ part }, missing.has(part) ? 0 : 1);
    },
  });
  for (const tallied of tallies) mirror(house, registry, tallied);
}

interface Tallied {
  readonly what: Counted;
  readonly name: string;
  readonly help: string;
  readonly label: string | null;
  /** Those that are told from the start; an alert can see no rise from nothing. */
  readonly kinds: readonly string[];
  /** What is counted in a unit of the metric: 1000, where ms are told as s. */
  readonly per: number;
}

const tallies: readonly Tallied[] = [
  {
    what: 'audio-padded',
    name: 'telephone_audio_padded_seconds_total',
    help: 'Silence that stood in for audio of the person that did not come',
    label: null,
    kinds: [''],
    per: 1000,
  },
  {
    what: 'audio-dropped',
    name: 'telephone_audio_dropped_seconds_total',
    help: 'Audio that was lost because its taker was not there or too slow',
    label: 'direction',
    kinds: ['to-person', 'to-model'],
    per: 1000,
  },
  {
    what: 'model-error',
    name: 'telephone_model_errors_total',
    help: 'Errors of the voice model: sessions that could not be opened, failed responses, problems told',
    label: 'kind',
    kinds: ['open-refused', 'open-failed', 'response-failed', 'problem', 'fatal-problem'],
    per: 1,
  },
  {
    what: 'dial-refused',
    name: 'telephone_dials_refused_total',
    help: 'Calls that policy did not let be dialed, by the first rule that spoke against them',
    label: 'rule',
    kinds: [],
    per: 1,
  },
  {
    what: 'mcp-refused',
    name: 'telephone_mcp_refused_total',
    help: 'MCP messages that were not served, by reason',
    label: 'reason',
    kinds: ['missing-scope'],
    per: 1,
  },
  {
    what: 'webhook-delivery',
    name: 'telephone_webhook_deliveries_total',
    help: 'Attempts to send an event to the operator, by outcome: delivered, waiting for another attempt, or dead',
    label: 'outcome',
    kinds: ['delivered', 'waiting', 'dead'],
    per: 1,
  },
  {
    what: 'media-socket-refused',
    name: 'telephone_media_sockets_refused_total',
    help: 'Sockets for media streams that were turned away, by reason',
    label: 'reason',
    kinds: ['bad-signature', 'bad-claim', 'no-start', 'too-many'],
    per: 1,
  },
];

function mirror(house: HouseControl, registry: Registry, tallied: Tallied): void {
  const { what, name, help, label, kinds, per } = tallied;
  void new Counter({
    name,
    help,
    labelNames: label === null ? [] : [label],
    registers: [registry],
    collect() {
      const sums = new Map(kinds.map((kind) => [kind, 0]));
      for (const entry of house.load().counts) if (entry.what === what) sums.set(entry.kind, entry.amount);
      this.reset();
      for (const [kind, sum] of sums) this.inc(label === null ? {} : { [label]: kind }, sum / per);
    },
  });
}
