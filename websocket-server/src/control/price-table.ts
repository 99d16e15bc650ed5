import type { PriceList, RatesByPrefix, TokenPrice } from './prices.ts';

/**
 * List prices in USD, without taxes, discounts and free quotas.
 *
 * Voice models: OpenAI's pricing page, platform.openai.com/docs/pricing, November 2026; those that are no longer on
 * it (`gpt-realtime`, `gpt-realtime-mini`, `gpt-4o-…`, `whisper-1`) as of October 2025.
 * Twilio: twilio.com/en-us/voice/pricing/us, July 2026. Only what was found there stands here: rates to other
 * countries differ by network and by the number that calls, and Twilio tells an account its own at
 * pricing.twilio.com/v2/Voice/Numbers.
 */
export const priceTable: PriceList = {
  models: {
    'gpt-realtime-2.1': large(24),
    'gpt-realtime-2.1-mini': small(5),
    'gpt-realtime-2': large(24),
    'gpt-realtime-1.5': large(16),
    'gpt-realtime': large(16),
    'gpt-realtime-mini': small(0.8),
    'gpt-transcribe': { perMinute: 0.0045 },
    'gpt-live-transcribe': { perMinute: 0.017 },
    'gpt-realtime-whisper': { perMinute: 0.017 },
    'gpt-4o-transcribe': transcriber(2.5, 6, 10),
    'gpt-4o-mini-transcribe': transcriber(1.25, 3, 5),
    'whisper-1': { perMinute: 0.006 },
  },
  carriers: {
    twilio: {
      outbound: { '+1': 0.014, ...elsewhereUnderPlusOne() },
      inbound: {
        '+1': 0.0085,
        '+1800': 0.022,
        '+1833': 0.022,
        '+1844': 0.022,
        '+1855': 0.022,
        '+1866': 0.022,
        '+1877': 0.022,
        '+1888': 0.022,
      },
    },
  },
};

/** In front of a simulated phone network any number costs what one in the United States would. */
export const simulatedPriceTable: PriceList = {
  ...priceTable,
  carriers: { twilio: { outbound: { '+': 0.014 }, inbound: { '+': 0.0085 } } },
};

function large(textOut: number): TokenPrice {
  return { textIn: 4, cachedTextIn: 0.4, textOut, audioIn: 32, cachedAudioIn: 0.4, audioOut: 64, imageIn: 5 };
}

function small(imageIn: number): TokenPrice {
  return {
    textIn: 0.6,
    cachedTextIn: 0.06,
    textOut: 2.4,
    audioIn: 10,
    cachedAudioIn: 0.3,
    audioOut: 20,
    imageIn,
  };
}

/** Nothing of what it reads is cached. */
function transcriber(textIn: number, audioIn: number, textOut: number): TokenPrice {
  return { textIn, cachedTextIn: textIn, textOut, audioIn, cachedAudioIn: audioIn, audioOut: 0, imageIn: 0 };
}

/**
 * Area codes of the North American numbering plan outside the United States' states and Canada, which cost more
 * (nationalnanpa.com, area code map).
 */
function elsewhereUnderPlusOne(): RatesByPrefix {
  const areaCodes =
    '242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 787 809 829 849 868 869 876 939';
  return Object.fromEntries(areaCodes.split(' ').map((code) => [`+1${code}`, null]));
}
