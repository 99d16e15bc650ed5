import { describe, expect, test } from 'vitest';
import type { TokenCounts, VoiceUsage } from '../call/cost.ts';
import { noTokens } from '../call/cost.ts';
import { priceTable } from './price-table.ts';
import { ratePerMinute, usdOfUsage, withChanges } from './prices.ts';

function used(change: Partial<VoiceUsage>): VoiceUsage {
  const nothing = { input: noTokens, cached: noTokens, output: noTokens };
  const model = 'gpt-realtime-2.1';
  return { of: 'conversation', model, ...nothing, seconds: null, isDetailed: true, ...change };
}

function tokens(change: Partial<TokenCounts>): TokenCounts {
  return { ...noTokens, ...change };
}

describe('usage is priced', () => {
  test.each<[string, Partial<VoiceUsage>, number]>([
    ['with words said dearer than words heard', { output: tokens({ audio: 1000, text: 100 }) }, 0.0664],
    ['by kind for what is read', { input: tokens({ text: 1000, audio: 1000 }) }, 0.036],
    [
      'with the cached part at its own price, not twice',
      { input: tokens({ text: 1000, audio: 1000 }), cached: tokens({ text: 900, audio: 1000 }) },
      0.0004 + 0.00036 + 0.0004,
    ],
    [
      'and never below that, where a vendor counts more cached than read',
      { input: tokens({ text: 100 }), cached: tokens({ text: 1000 }) },
      0.0004,
    ],
    [
      'as its model for a snapshot',
      { model: 'gpt-realtime-2.1-2026-05-01', output: tokens({ audio: 1000 }) },
      0.064,
    ],
    [
      'by the minute for a transcription',
      { of: 'transcription', model: 'gpt-transcribe', seconds: 30 },
      0.00225,
    ],
    [
      'by the minute also when tokens are told, ten to a second',
      { of: 'transcription', model: 'gpt-transcribe', input: tokens({ audio: 600 }) },
      0.0045,
    ],
  ])('%s', (_, change, usd) => {
    expect(usdOfUsage(used(change), priceTable)).toBeCloseTo(usd, 9);
  });

  test.each<[string, Partial<VoiceUsage>]>([
    ['a model that is not in the list', { model: 'somebody-elses-model' }],
    ['a model with a name that only begins alike', { model: 'gpt-realtime-2.1-turbo' }],
    ['a name that every object has', { model: 'constructor' }],
    ['counts that do not add up', { isDetailed: false }],
  ])('and has no price at all for %s', (_, change) => {
    expect(usdOfUsage(used({ output: tokens({ audio: 10 }), ...change }), priceTable)).toBeNull();
  });
});

describe('the rate of a call', () => {
  test.each<[string, number | null]>([
    ['+14155550100', 0.014],
    ['+16475550100', 0.014],
    ['+18765550100', null],
    ['+4930123456', null],
  ])('to %s is %s a minute', (to, rate) => {
    expect(ratePerMinute({ carrier: 'twilio', direction: 'outbound', to }, priceTable)).toBe(rate);
  });

  test('is what the operator says, by the longest prefix', () => {
    const changed = withChanges(priceTable, {
      carriers: { twilio: { outbound: { '+49': 0.02, '+4915': 0.05 }, inbound: {} } },
    });
    const to = (number: string) =>
      ratePerMinute({ carrier: 'twilio', direction: 'outbound', to: number }, changed);
    expect([to('+4930123456'), to('+4915112345'), to('+14155550100')]).toEqual([0.02, 0.05, 0.014]);
  });
});
