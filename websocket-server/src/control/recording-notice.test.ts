import { expect, test } from 'vitest';
import { tellsOfRecording } from './recording-notice.ts';

test.each([
  'Before we go on: this call is being recorded.',
  'Hello, this call is recorded.',
  'Just so you know, I am recording this.',
  "Hi! I'm recording this call for my client.",
  'You are on a recorded line.',
  'Our conversation may be recorded for quality.',
  'Guten Tag, dieses Gespräch wird aufgezeichnet.',
  'Das Telefonat wird aufgenommen.',
  'Bonjour, cet appel est enregistré.',
  'Le informo que esta llamada está siendo grabada.',
  'Esta ligação está sendo gravada.',
  'La chiamata viene registrata.',
  'Dit gesprek wordt opgenomen.',
  'Ta rozmowa jest nagrywana.',
  'この通話は録音されています。',
])('%s tells of the recording', (words) => {
  expect(tellsOfRecording(words)).toBe(true);
});

test.each([
  'I have no record of that booking.',
  'Could you check your records for me?',
  'For the record, we are four people.',
  'Your order is recorded.',
  'Ich habe Ihre Bestellung aufgenommen.',
  'Quisiera registrar una reserva.',
  'Vous pouvez enregistrer la réservation ?',
  'Ik heb contact opgenomen met uw collega.',
  'Hello, I am calling about a table.',
])('%s tells of no recording', (words) => {
  expect(tellsOfRecording(words)).toBe(false);
});
