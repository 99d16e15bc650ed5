import { keyTone, ringTone } from './tones.ts';
import type { FromMicrophone, FromSpeaker, SpeakerOptions, ToSpeaker } from './worklet-messages.ts';
import { microphoneName, speakerName, workletsPath } from './worklet-messages.ts';

export type MicrophoneState = 'off' | 'asking' | 'on' | 'muted' | 'refused' | 'missing';

export interface PhoneAudioListener {
  /** 20 ms of what the microphone heard: µ-law, 8 kHz. */
  microphone(audio: Uint8Array<ArrayBuffer>): void;
  microphoneState(state: MicrophoneState): void;
}

export interface Speaker {
  /** @param audio µ-law, 8 kHz; queued, and played evenly */
  play(audio: Uint8Array): void;
  clear(): void;
}

/** For talk as it comes: little is waited for, and little may pile up. */
export const forTalk: SpeakerOptions = { prefillMs: 60, mostMs: 1000 };

/** The ears and the mouth of the phone: opened with the page's first click, as browsers demand. */
export class PhoneAudio {
  readonly #context: AudioContext;
  readonly #ready: Promise<void>;
  readonly #listener: PhoneAudioListener;
  readonly #speakers = new Map<AudioWorkletNode, number>();
  #stream: MediaStream | undefined;
  #isRinging = false;
  #stopRinging: (() => void) | undefined;
  #isMuted = false;
  #isClosed = false;
  /** How loud each side is right now, 0 to 1: read whenever a meter is painted. */
  readonly loudness = { microphone: 0, speaker: 0 };

  constructor(listener: PhoneAudioListener) {
    this.#listener = listener;
    this.#context = new AudioContext({ latencyHint: 'interactive' });
    this.#ready = this.#context.audioWorklet.addModule(workletsPath);
    // Who waits for it is told; nobody else need be.
    this.#ready.catch(() => {});
  }

  /** Sound is allowed once somebody has clicked. */
  resume(): void {
    if (this.#context.state !== 'suspended') return;
    void this.#context.resume().then(() => this.ring(this.#isRinging));
  }

  /** A source of sound of its own; plays nothing before the audio thread is ready. */
  speaker(options: SpeakerOptions): Speaker {
    let port: MessagePort | undefined;
    const open = async () => {
      await this.#ready;
      if (!this.#isClosed) port = this.#openSpeaker(options);
    };
    // Without its audio thread the page stays mute, and the words are still there to be read.
    open().catch(() => {});
    const tell = (message: ToSpeaker) => port?.postMessage(message);
    return { play: tell, clear: () => tell('clear') };
  }

  /** Asks for the microphone, unless it is open already. What comes of it is told to the listener. */
  async openMicrophone(): Promise<void> {
    this.#isMuted = false;
    if (this.#stream !== undefined) return this.#listener.microphoneState('on');
    this.#listener.microphoneState('asking');
    try {
      // Absent where the page is not served from this machine or over https.
      if (navigator.mediaDevices === undefined) throw new DOMException('no devices', 'NotFoundError');
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
      });
      await this.#ready;
      if (this.#isClosed) return stopTracks(stream);
      this.#stream = stream;
      this.#connectMicrophone(stream);
      this.#listener.microphoneState('on');
    } catch (failure) {
      const isMissing = failure instanceof DOMException && failure.name === 'NotFoundError';
      this.#listener.microphoneState(isMissing ? 'missing' : 'refused');
    }
  }

  /** Muted, nothing of the microphone leaves the page. */
  mute(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.loudness.microphone = 0;
    if (this.#stream !== undefined) this.#listener.microphoneState(isMuted ? 'muted' : 'on');
  }

  /** Lets go of the microphone: the browser shows that it is off. */
  closeMicrophone(): void {
    if (this.#stream !== undefined) stopTracks(this.#stream);
    this.#stream = undefined;
    this.loudness.microphone = 0;
    this.#listener.microphoneState('off');
  }

  ring(isRinging: boolean): void {
    this.#isRinging = isRinging;
    this.#stopRinging?.();
    // While no sound is allowed, tones would only pile up.
    const isAudible = isRinging && this.#context.state === 'running';
    this.#stopRinging = isAudible ? ringTone(this.#context) : undefined;
  }

  key(digit: string): void {
    keyTone(this.#context, digit);
  }

  close(): void {
    this.#isClosed = true;
    this.ring(false);
    if (this.#stream !== undefined) stopTracks(this.#stream);
    void this.#context.close();
  }

  #openSpeaker(options: SpeakerOptions): MessagePort {
    const node = new AudioWorkletNode(this.#context, speakerName, {
      numberOfInputs: 0,
      outputChannelCount: [1],
      processorOptions: options,
    });
    node.port.onmessage = ({ data }: MessageEvent<FromSpeaker>) => {
      this.#speakers.set(node, data.loudness);
      this.loudness.speaker = Math.max(...this.#speakers.values());
    };
    node.connect(this.#context.destination);
    return node.port;
  }

  #connectMicrophone(stream: MediaStream): void {
    const source = this.#context.createMediaStreamSource(stream);
    const node = new AudioWorkletNode(this.#context, microphoneName, {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    node.port.onmessage = ({ data }: MessageEvent<FromMicrophone>) => {
      if (this.#isMuted || this.#stream !== stream) return;
      this.loudness.microphone = data.loudness;
      this.#listener.microphone(data.audio);
    };
    source.connect(node);
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
