const rows = [697, 770, 852, 941];
const columns = [1209, 1336, 1477];
const keys = '123456789*0#';
const keySeconds = 0.12;
/** Rings two seconds of every six, as phones do in North America. */
const ringSeconds = 2;
const ringEverySeconds = 6;

/** Plays a key's two tones (ITU-T Q.23). */
export function keyTone(context: AudioContext, digit: string): void {
  const key = keys.indexOf(digit);
  if (key === -1) return;
  const start = context.currentTime;
  for (const hz of [rows[Math.floor(key / 3)] ?? 0, columns[key % 3] ?? 0]) {
    tone(context, hz, 0.08, start, start + keySeconds);
  }
}

/** Rings until the function that it returns is called. */
export function ringTone(context: AudioContext): () => void {
  const sounding: { stop(): void }[] = [];
  const once = () => {
    const start = context.currentTime + 0.02;
    // A warble of two tones, 20 times a second, softer than a voice.
    for (let at = 0; at < ringSeconds; at += 0.1) {
      sounding.push(
        tone(context, 440, 0.06, start + at, start + at + 0.05),
        tone(context, 554, 0.06, start + at + 0.05, start + at + 0.1),
      );
    }
  };
  once();
  const timer = setInterval(() => {
    sounding.length = 0;
    once();
  }, ringEverySeconds * 1000);
  return () => {
    clearInterval(timer);
    for (const part of sounding) part.stop();
  };
}

function tone(context: AudioContext, hz: number, gain: number, start: number, end: number): { stop(): void } {
  const oscillator = context.createOscillator();
  const envelope = context.createGain();
  oscillator.frequency.value = hz;
  envelope.gain.setValueAtTime(0, start);
  envelope.gain.linearRampToValueAtTime(gain, start + 0.005);
  envelope.gain.setValueAtTime(gain, end - 0.005);
  envelope.gain.linearRampToValueAtTime(0, end);
  oscillator.connect(envelope).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(end);
  return { stop: () => oscillator.disconnect() };
}
