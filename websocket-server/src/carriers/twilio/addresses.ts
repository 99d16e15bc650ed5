import type { StreamAddresses, TransferAddresses } from './twiml.ts';

/** Where in a transfer the voice webhook is asked, as the `transfer` of its query says. */
export type TransferStep = 'answered' | 'key' | 'ended';

/** Paths at our public origin, as Twilio calls them. */
export const paths = {
  twiml: '/twiml',
  status: '/status',
  machineDetection: '/amd',
  streamStatus: '/stream-status',
  recording: '/recording',
  media: '/call',
} as const;

/** The addresses that we give Twilio. A call's id goes along wherever a query is allowed. */
export interface Addresses {
  twiml(callId: string): string;
  status(callId: string): string;
  machineDetection(callId: string): string;
  recording(callId: string): string;
  /** What becomes of a transfer, as questions to the voice webhook. */
  transfer(callId: string): TransferAddresses;
  stream(callId: string): StreamAddresses;
}

/** @param publicUrl origin, `http` or `https`, without a trailing slash */
export function addressesAt(publicUrl: string): Addresses {
  const withCall = (path: string, callId: string) => `${publicUrl}${path}?call=${encodeURIComponent(callId)}`;
  const streamUrl = `${publicUrl.replace(/^http/, 'ws')}${paths.media}`;
  return {
    twiml: (callId) => withCall(paths.twiml, callId),
    status: (callId) => withCall(paths.status, callId),
    machineDetection: (callId) => withCall(paths.machineDetection, callId),
    recording: (callId) => withCall(paths.recording, callId),
    transfer: (callId) => {
      const at = (step: TransferStep) => `${withCall(paths.twiml, callId)}&transfer=${step}`;
      return { answeredUrl: at('answered'), keyUrl: at('key'), endedUrl: at('ended') };
    },
    stream: (callId) => ({ streamUrl, statusUrl: withCall(paths.streamStatus, callId) }),
  };
}
