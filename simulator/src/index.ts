/** A phone network and voices for demo mode and tests, on the real wires. */
export { createSpeech } from './speech/speech.ts';
export type { Speech, Voice } from './speech/speech.ts';
export type { SpokenText } from './speech/spoken-text.ts';
export type { SpokenWord } from './speech/word-times.ts';
export { CaptionReader, captionLength, writeCaption } from './speech/captions.ts';
export type { Caption } from './speech/captions.ts';
export {
  bytesPerChunk,
  bytesPerMs,
  decodeMulaw,
  encodeMulaw,
  loudnessOf,
  silence,
  silenceLasting,
} from './speech/mulaw.ts';
export { startPhoneNetwork } from './phone-network/phone-network.ts';
export type { InboundCall, PhoneNetwork, PhoneNetworkOptions } from './phone-network/phone-network.ts';
export type { AccountFacts } from './phone-network/account.ts';
export type { SimulatedCall } from './phone-network/simulated-call.ts';
export type { SimulatedPerson } from './phone-network/simulated-person.ts';
export type { MediaStream, StreamEnd, Violation as StreamViolation } from './phone-network/media-stream.ts';
export type { CallOrder, CallState } from './phone-network/call-order.ts';
export type { RestRequest } from './phone-network/rest-api.ts';
export type { ToTwilio } from './phone-network/schemas.ts';
export type { Faults as CallFaults } from './phone-network/faults.ts';
export { friendlyBusiness, personaAt, personasByLastDigits, silentPerson } from './personas/persona-at.ts';
export type { Handset, Moment, Persona, PersonInCall } from './personas/persona.ts';
export type { FromSoftphone, ToSoftphone } from './softphones/softphone-wire.ts';
export { TurnTaking } from './personas/turn-taking.ts';
export type { Brain as PersonBrain, Reply as PersonReply } from './personas/brain.ts';
export { startSimulatorWorker } from './start-simulator.ts';
export type { RunningSimulator, SimulatorAddresses, SimulatorOptions } from './start-simulator.ts';
export * from './voice-model/index.ts';
