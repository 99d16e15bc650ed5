import { expect } from 'vitest';
import { setStage } from './stage.ts';

const { stage, story } = setStage();

story('a number on the do-not-call list is not dialed, and is again once it is off it', async ({ place }) => {
  const { url, client, peers } = stage();
  const number = '+14155557711';
  const list = `${url}/api/do-not-call`;
  const added = await fetch(list, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ number }),
  });
  expect(added.status).toBe(201);
  const dialings = () => peers.network.calls.length;
  const before = dialings();
  const errand = { to: number, goal: 'Ask for the opening hours' };
  expect(await client.refusalOf('telephony.call', errand)).toMatch(
    /asked not to be called.*\[do-not-call\]/u,
  );
  expect(await client.resultOf('telephony.call', { ...errand, dryRun: true })).toMatchObject({
    allowed: false,
    reasons: [{ rule: 'do-not-call' }],
  });
  expect(dialings()).toBe(before);
  await fetch(`${list}/${encodeURIComponent(number)}`, { method: 'DELETE' });
  expect(await client.resultOf('telephony.call', { ...errand, dryRun: true })).toMatchObject({
    allowed: true,
    reasons: [],
  });
  await (await place({ callee: 'person' })).reaches('call-dialed');
});
