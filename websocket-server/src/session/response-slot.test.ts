import { describe, expect, test } from 'vitest';
import { abandoned, ended, freeSlot, isBusy, refused, request, started } from './response-slot.ts';

describe('the response slot', () => {
  test('lets a request through when nothing is active', () => {
    expect(request(freeSlot, 'Greet.').send).toMatchObject({ instructions: 'Greet.' });
  });

  test('keeps a request until the active response has ended', () => {
    const { slot, send } = request(started(freeSlot, 'resp1'));
    expect(send).toBeUndefined();
    expect(ended(slot, 'resp1').send).toBeDefined();
  });

  test('makes one request of several that wait', () => {
    const waiting = request(request(started(freeSlot, 'resp1'), 'first').slot).slot;
    const next = ended(waiting, 'resp1');
    expect(next.send?.instructions).toBe('first');
    expect(next.slot.waiting).toBeNull();
  });

  test('lets a response of voice detection serve whoever waits without wishes of their own', () => {
    const waiting = request(started(freeSlot, 'resp1')).slot;
    const next = started(waiting, 'resp2');
    expect(ended(next, 'resp2').send).toBeUndefined();
  });

  test('asks again after a refusal, once the other response has ended, whatever its name', () => {
    const asked = request(freeSlot);
    const { slot } = refused(asked.slot, asked.send?.requestId ?? '');
    expect(isBusy(slot)).toBe(true);
    expect(ended(slot, 'resp-nobody-told-us-of').send).toBeDefined();
  });

  test('says what was insisted on after a response of voice detection that began in the moment they were asked for', () => {
    const asked = request(freeSlot, 'Take your leave.', true);
    const { slot } = refused(started(asked.slot, 'resp-of-detection'), asked.send?.requestId ?? '');
    expect(ended(slot, 'resp-of-detection').send?.instructions).toBe('Take your leave.');
  });

  test('asks for nothing twice where such a response will do', () => {
    const asked = request(freeSlot, 'Ask whether they are still there.');
    const { slot } = refused(started(asked.slot, 'resp-of-detection'), asked.send?.requestId ?? '');
    expect(ended(slot, 'resp-of-detection').send).toBeUndefined();
  });

  test('is not freed by the end of a response that was given up for another', () => {
    const asked = request(abandoned(started(freeSlot, 'resp1')));
    expect(isBusy(ended(asked.slot, 'resp1').slot)).toBe(true);
  });
});
