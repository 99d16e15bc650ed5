import { expect, test } from 'vitest';
import type { StoredEvent } from '../storage/call-store.ts';
import { EventPages } from './event-pages.ts';

const ringing: StoredEvent = {
  position: 7,
  event: { type: 'call-ringing', callId: 'call_1', sequence: 2, at: 0 },
};

/** Answers nothing until it is told to, in the order in which it was asked. */
function slowLog() {
  const asked: string[] = [];
  const answers: ((events: readonly StoredEvent[]) => void)[] = [];
  const pages = new EventPages({
    eventsAfter: (position, { callId }) => {
      asked.push(`${position} ${callId ?? 'all'}`);
      return new Promise((resolve) => answers.push(resolve));
    },
    positionBefore: () => Promise.resolve(0),
  });
  return { asked, answers, pages };
}

test('those who ask for the same at the same time are told the same events, which are read once', async () => {
  const { asked, answers, pages } = slowLog();
  const told = Promise.all([pages.after(3), pages.after(3), pages.after(4), pages.after(3, 'call_1')]);
  expect(asked).toEqual(['3 all', '4 all', '3 call_1']);
  for (const answer of answers) answer([ringing]);
  const [one, other] = await told;
  expect(one?.[0]).toBe(ringing);
  expect(other).toBe(one);
});

test('whoever asks while it turns out that there is nothing more has that looked up again', async () => {
  const { asked, answers, pages } = slowLog();
  const first = pages.after(3);
  const second = pages.after(3);
  answers[0]?.([]);
  expect(await first).toEqual([]);
  await expect.poll(() => asked).toHaveLength(2);
  answers[1]?.([ringing]);
  expect(await second).toEqual([ringing]);
});
