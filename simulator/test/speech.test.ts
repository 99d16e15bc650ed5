import { expect, test } from 'vitest';
import { CaptionReader, createSpeech, decodeMulaw, loudnessOf } from '../src/index.ts';

test('speech is loud, whole chunks long, and captioned word by word', async () => {
  const speech = createSpeech();
  const text = 'Hello, I would like a table at Café Größe – 7:30pm.';
  const { audio, words } = await speech.say(text, 'rms');
  expect(audio.length % 160).toBe(0);
  expect(audio.length / 8000).toBeGreaterThan(2.5);
  expect(audio.length / 8000).toBeLessThan(6);
  expect(loudnessOf(audio)).toBeGreaterThan(500);
  expect(Math.max(...decodeMulaw(audio))).toBeGreaterThan(8000);
  const captions = new CaptionReader().read(audio);
  expect(captions.map((caption) => caption.text)).toEqual([...words.map((word) => word.text), text]);
  expect(captions.at(-1)?.kind).toBe('end-of-utterance');
  const half = new CaptionReader().read(audio.subarray(0, (words[4]?.endMs ?? 0) * 8));
  expect(half.map((caption) => caption.text)).toEqual(['Hello,', 'I', 'would', 'like', 'a']);
  await speech.close();
});

test('many may speak at once, the same words are the same object, and another script is hummed', async () => {
  const speech = createSpeech();
  const texts = ['one', 'two', 'three', 'two'];
  const spoken = await Promise.all(texts.map((text) => speech.say(text, 'kal16')));
  expect(spoken.map(({ text }) => text)).toEqual(texts);
  expect(spoken[3]).toBe(spoken[1]);
  const hummed = await speech.say('你好', 'kal16');
  expect(new CaptionReader().read(hummed.audio).map(({ text }) => text)).toEqual(['你好', '你好']);
  expect(loudnessOf(hummed.audio)).toBeGreaterThan(250);
  await speech.close();
});

test('closing fails what is waited for, and what is asked for later', async () => {
  const speech = createSpeech();
  const waiting = expect(speech.say('hello', 'awb')).rejects.toThrow('the speech has been closed');
  await speech.close();
  await waiting;
  await expect(speech.say('hello again', 'awb')).rejects.toThrow('the speech has been closed');
});
