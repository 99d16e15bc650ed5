/** What a client may tell the agent in the middle of a call. */
export type ClientWish =
  | { readonly type: 'say' | 'ask'; readonly text: string }
  | { readonly type: 'quiet' | 'connect' | 'not-reached' | 'close' | 'open' | 'nudge' };

const verbatim = [
  /\bsay\b[^:"“]{0,60}[:,]?\s*["“]([^"”]+)["”]/i,
  /\b(?:say|tell|speak|read out)\b[^:]{0,60}\b(?:exactly|following|this|these words|person|them|word for word|verbatim)\b[^:]{0,40}:\s*(.+)$/is,
  /^say:?\s+(.+)$/is,
];

const kinds: readonly (readonly [Exclude<ClientWish['type'], 'say' | 'ask'>, RegExp])[] = [
  ['connect', /\b(?:you are|you're) connecting (?:the person|them)\b/i],
  ['not-reached', /\bclient (?:could not|cannot|can't) be reached\b/i],
  [
    'quiet',
    /\b(?:stay|be|keep|remain) (?:silent|quiet)\b|\b(?:say nothing|do not (?:speak|say anything)|don't speak)\b/i,
  ],
  [
    'close',
    /\b(?:good ?bye|wrap up|end the call|hang up|time is (?:nearly |almost )?(?:up|over)|close the (?:call|conversation))\b/i,
  ],
  ['nudge', /\b(?:still there|nobody (?:has )?(?:spoke|said)|no reply|went silent)\b/i],
  ['open', /\b(?:greet|introduce yourself|(?:start|begin|open) (?:the )?(?:call|conversation))\b/i],
];

/** @returns what a message of the client asks for; undefined if it is only to be known */
export function clientWish(text: string): ClientWish | undefined {
  for (const pattern of verbatim) {
    const words = pattern
      .exec(text)?.[1]
      ?.trim()
      .replace(/^["“'](.*)["”']$/s, '$1');
    if (words !== undefined && words !== '') return { type: 'say', text: words };
  }
  for (const [type, pattern] of kinds) if (pattern.test(text)) return { type };
  const request = /^(?:please |also )*((?:ask|request|tell|mention)\b.+)$/is.exec(text.trim())?.[1];
  return request === undefined ? undefined : { type: 'ask', text: request };
}
