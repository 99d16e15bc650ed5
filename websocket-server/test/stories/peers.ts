import { randomBytes } from 'node:crypto';
import {
  createSpeech,
  ruleBasedBrain,
  silentPerson,
  startPhoneNetwork,
  startVoiceModel,
} from '@mcp-telephone/simulator';
import type {
  Brain,
  CallFaults,
  Persona,
  PhoneNetwork,
  SimulatedVoiceModel,
  Speech,
  Faults as VoiceModelFaults,
} from '@mcp-telephone/simulator';

/** A call as a story wants it: who is called, who calls, and what goes wrong. */
export interface Placing {
  /** Who is called; by default somebody who picks up and is moved by the story. */
  readonly person?: Persona;
  /** Who calls; by default the agent of demo mode. */
  readonly agent?: Brain;
  readonly faults?: CallFaults;
  /**
   * What is wrong with its first voice session, be it nothing. A session is not known by its call before it is
   * open, so such placings wait for each other, and a story without this must not run beside one with it.
   */
  readonly modelFaults?: VoiceModelFaults;
  /** The last four digits, where they choose who is called. */
  readonly digits?: string;
  /** Further arguments of `telephony.call`. */
  readonly goal?: string;
  readonly [argument: string]: unknown;
}

/** Arguments of `telephony.call`. */
export interface CallArguments {
  readonly to: string;
  readonly goal: string;
  readonly [argument: string]: unknown;
}

/** What the server talks to: a phone network and a voice model, and who is who in them. */
export interface Peers {
  readonly network: PhoneNetwork;
  readonly model: SimulatedVoiceModel;
  /** The voices of both. */
  readonly speech: Speech;
  readonly accountSid: string;
  readonly authToken: string;
  /** What goes wrong with all voice sessions opened from here on. */
  modelFaults: VoiceModelFaults;
  /** The settings of a server that talks to these. */
  environment(port: number): Record<string, string>;
  /** Has somebody answer a phone that no call is placed to. */
  puts(person: Persona, at: string): void;
  /** Gives the parts of a call to those who play them, then has it placed. */
  cast<Result>(placing: Placing, place: (args: CallArguments) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** Somebody who picks up at once, or after a while, and does only what the story says. */
export function picksUp(ringsForMs = 100): Persona {
  return { ...silentPerson, ringsForMs };
}

/** Starts both on free ports. */
export async function openPeers({ recordingsFolder }: { recordingsFolder?: string }): Promise<Peers> {
  const accountSid = `AC${randomBytes(16).toString('hex')}`;
  const authToken = randomBytes(16).toString('hex');
  const speech = createSpeech();
  const people = new Map<string, Persona>();
  const callFaults = new Map<string, CallFaults>();
  const agents = new Map<string, Brain>();
  const network = await startPhoneNetwork({
    accountSid,
    authToken,
    speech,
    recordingsFolder,
    personaFor: (to) => people.get(to),
    faultsFor: (to) => callFaults.get(to),
  });
  const byRules = ruleBasedBrain();
  const agentFor = (instructions: string) => agents.get(goalIn(instructions)) ?? byRules;
  let nextFaults: { readonly faults: VoiceModelFaults; readonly taken: () => void } | undefined;
  let lastFaults: Promise<unknown> = Promise.resolve();
  const model = await startVoiceModel({
    speech,
    faults: () => {
      const next = nextFaults;
      nextFaults = undefined;
      next?.taken();
      return next?.faults ?? peers.modelFaults;
    },
    brain: {
      foresees: (instructions) => agentFor(instructions).foresees?.(instructions) ?? [],
      respond: (situation) => agentFor(situation.instructions).respond(situation),
    },
  });
  /** Acts when the faults before these have been met, and waits until these have been, too. */
  const withFaults = <Result>(faults: VoiceModelFaults, act: () => Promise<Result>): Promise<Result> => {
    const acted = lastFaults.then(async () => {
      const areMet = new Promise<void>((taken) => (nextFaults = { faults, taken }));
      const result = await act();
      await areMet;
      return result;
    });
    lastFaults = acted.catch(() => undefined);
    return acted;
  };
  let placed = 0;

  const peers: Peers = {
    network,
    model,
    speech,
    accountSid,
    authToken,
    modelFaults: {},
    puts: (person, at) => void people.set(at, person),
    environment: (port) => ({
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_PHONE_NUMBER: '+15005550006',
      TWILIO_API_BASE_URL: network.url,
      OPENAI_API_KEY: 'sk-story',
      OPENAI_BASE_URL: model.baseUrl,
      MAX_CONCURRENT_CALLS: '200',
      CALLS_PER_MINUTE: '1000',
    }),
    cast: async ({ person, agent, faults, modelFaults, digits, goal: wanted, ...given }, place) => {
      const number = ++placed;
      const to = `+1415${String(number).padStart(3, '0')}${digits ?? '2000'}`;
      const goal = wanted ?? `Do errand number ${number}`;
      if (digits === undefined) people.set(to, person ?? picksUp());
      if (faults !== undefined) callFaults.set(to, faults);
      if (agent !== undefined) {
        agents.set(goal, agent);
        // On a busy machine the synthesiser would keep the person waiting longer than the server lets them wait.
        await model.rehearse(agent.foresees?.('') ?? []);
      }
      const act = () => place({ ...given, to, goal });
      return modelFaults === undefined ? act() : withFaults(modelFaults, act);
    },
    close: async () => {
      await Promise.all([network.close(), model.close()]);
      await speech.close();
    },
  };
  return peers;
}

/** The first line of the goal that an agent was told. */
function goalIn(instructions: string): string {
  return /^# Goal\n(.*)$/mu.exec(instructions)?.[1] ?? '';
}
