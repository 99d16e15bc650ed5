import type { CarrierNumber, CarrierSetup } from '../../src/carriers/carrier-setup.ts';
import { Probe } from '../../src/checkup/probe.ts';
import { SetupDesk } from '../../src/checkup/setup-desk.ts';
import type { Config } from '../../src/config/config.ts';
import { silentLog } from '../../src/lib/log.ts';
import { systemRuntime } from '../../src/lib/system-runtime.ts';
import { LimitsBook } from '../../src/control/policy/limits-book.ts';
import { SettingsBook } from '../../src/settings/settings-book.ts';
import { VoiceModelFailed } from '../../src/voice-models/voice-model-errors.ts';
import { MemoryLimitsStore } from './memory-limits-store.ts';
import { MemorySettingsStore } from './memory-settings-store.ts';

const carrier: CarrierSetup = {
  checks: () => [],
  numbers: async () => [],
  pointHere: async (number): Promise<CarrierNumber> => ({
    number,
    label: null,
    hasVoice: true,
    isPointedHere: true,
    callsGoTo: null,
  }),
};

/** A set-up without a carrier and a voice model, for doors that are tested for something else. */
export async function fakeSetupRooms(config: Config) {
  const runtime = systemRuntime(silentLog);
  const settings = await SettingsBook.open(new MemorySettingsStore(), runtime.clock);
  const setup = new SetupDesk({
    config,
    runtime,
    probe: new Probe(runtime),
    carrier,
    isCarrierSimulated: true,
    voiceModelSetup: { voices: [], models: [], checks: () => [] },
    voiceModel: {
      open: async () => Promise.reject(new VoiceModelFailed('none', 'There is no voice model.')),
    },
    settings,
    writeDatabase: async () => {},
    nodeVersion: process.versions.node,
  });
  const choices = { voices: ['marin', 'cedar'], models: ['gpt-realtime-2.1'] };
  const environment = { ...config.policy, ...config.budget };
  const limits = new LimitsBook(environment, { isSimulated: true }, new MemoryLimitsStore(), runtime.clock);
  return {
    setup,
    settings,
    limits,
    choices,
    voiceSample: async () => Buffer.from('RIFF'),
    applySettings: () => 2,
  };
}
