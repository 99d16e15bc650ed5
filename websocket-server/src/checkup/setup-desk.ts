import type { CarrierNumber, CarrierSetup } from '../carriers/carrier-setup.ts';
import type { Config } from '../config/config.ts';
import type { Runtime } from '../lib/runtime.ts';
import { InvalidRequest } from '../lib/errors.ts';
import type { SettingsBook } from '../settings/settings-book.ts';
import type { VoiceModelSetup } from '../voice-models/voice-model-setup.ts';
import type { VoiceModel } from '../voice-models/voice-model.ts';
import { Checkup, type CheckupReport } from './checkup.ts';
import { databaseCheck } from './database-check.ts';
import { diskCheck } from './disk-check.ts';
import { modeCheck } from './mode-check.ts';
import { nodeVersionCheck } from './node-version-check.ts';
import type { Probe } from './probe.ts';
import { publicSocketCheck } from './public-socket-check.ts';
import { publicUrlCheck } from './public-url-check.ts';
import { webhookReceiverCheck } from './webhook-receiver-check.ts';
import type { Pinged } from './webhook-receiver-check.ts';
import { voiceSessionCheck } from './voice-session-check.ts';

export interface SetupDeskParts {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly probe: Probe;
  readonly carrier: CarrierSetup;
  /** It runs on this machine, so a local address will do for it. */
  readonly isCarrierSimulated: boolean;
  readonly voiceModelSetup: VoiceModelSetup;
  readonly voiceModel: Pick<VoiceModel, 'open'>;
  readonly settings: SettingsBook;
  readonly writeDatabase: () => Promise<void>;
  /** Why the configured database is not in use, when it is not. */
  readonly databaseFault?: string | undefined;
  /** Sends the operator's address a signed ping; undefined when no address is set. */
  readonly pingReceiver?: (() => Promise<Pinged>) | undefined;
  /** Of this process, without a `v`. */
  readonly nodeVersion: string;
}

/** The default number to call from, and who chose it. */
export interface ChosenNumber {
  readonly number: string | null;
  readonly chosenBy: 'settings' | 'environment' | null;
}

/** The set-up of this server: what works, what does not, and the few things that can be set from here. */
export class SetupDesk {
  readonly #parts: SetupDeskParts;
  readonly #checkup: Checkup;
  /** Something was set from here since the checks last began. */
  #hasChanged = false;

  constructor(parts: SetupDeskParts) {
    this.#parts = parts;
    this.#checkup = new Checkup(() => checksOf(parts), parts.runtime);
  }

  get demo(): Config['demo'] {
    return this.#parts.config.demo;
  }

  /** The checks as far as they are. @param freshMs starts a run, unless one is running or ended no longer ago */
  report(freshMs: number): CheckupReport {
    this.#checkup.start(this.#hasChanged ? 0 : freshMs);
    this.#hasChanged = false;
    return this.#checkup.report();
  }

  /** All checks, run anew, once they are through. */
  async examine(): Promise<CheckupReport> {
    this.#checkup.start();
    return this.#checkup.settled();
  }

  /** Resolves when no checks are running. */
  settled(): Promise<CheckupReport> {
    return this.#checkup.settled();
  }

  chosen(): ChosenNumber {
    const { config, settings } = this.#parts;
    return chosenNumber(config, settings);
  }

  numbers(): Promise<readonly CarrierNumber[]> {
    return this.#parts.carrier.numbers();
  }

  /** Makes one of the account's numbers the one that calls come from. @throws InvalidRequest */
  async choose(number: string): Promise<ChosenNumber> {
    const known = (await this.numbers()).find((candidate) => candidate.number === number);
    if (known === undefined) throw new InvalidRequest(`${number} is not a number of the account.`);
    if (!known.hasVoice) throw new InvalidRequest(`${number} takes no part in calls. Choose one with voice.`);
    await this.#parts.settings.change({ phoneNumber: number });
    this.#hasChanged = true;
    return this.chosen();
  }

  /** Sends the calls that arrive at a number to this server. @param number the chosen one when left out */
  async pointHere(number: string | undefined): Promise<CarrierNumber> {
    const wanted = number ?? this.chosen().number;
    if (wanted === null) {
      throw new InvalidRequest('No number is chosen. Choose one first, or name it in "number".');
    }
    const pointed = await this.#parts.carrier.pointHere(wanted);
    this.#hasChanged = true;
    return pointed;
  }
}

/** In front of a simulated network the number that was chosen for the real one stays where it is. */
export function chosenNumber(config: Config, settings: Pick<SettingsBook, 'current'>): ChosenNumber {
  const { phoneNumber } = settings.current;
  if (phoneNumber !== null && !config.demo.carrier) return { number: phoneNumber, chosenBy: 'settings' };
  const number = config.phoneNumber;
  return { number, chosenBy: number === null ? null : 'environment' };
}

function checksOf(parts: SetupDeskParts) {
  const { config, runtime, probe, carrier, voiceModelSetup, voiceModel, settings } = parts;
  const { publicUrl, demo, dataDir, databaseUrl } = config;
  const publicParts = { publicUrl, isLocalEnough: parts.isCarrierSimulated, probe, runtime };
  return [
    modeCheck(demo),
    ...carrier.checks(),
    publicUrlCheck(publicParts),
    publicSocketCheck(publicParts),
    ...voiceModelSetup.checks(),
    voiceSessionCheck(voiceModel, () => settings.current, runtime.clock),
    databaseCheck({
      write: parts.writeDatabase,
      fault: parts.databaseFault,
      isServer: databaseUrl !== null,
      dataDir,
      clock: runtime.clock,
    }),
    ...(parts.pingReceiver === undefined ? [] : [webhookReceiverCheck(parts.pingReceiver)]),
    diskCheck(dataDir),
    nodeVersionCheck(parts.nodeVersion),
  ];
}
