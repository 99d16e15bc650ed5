/** What an error code of the vendor means to a call (OpenAI Realtime reference, errors). */
export interface ErrorMeaning {
  readonly effect: 'harmless' | 'response-refused' | 'problem';
  /** Our word for the problem. */
  readonly code: string;
  /** No later response can succeed in this session. */
  readonly isFatal: boolean;
  /** What to tell; undefined where only the vendor's own words say it. */
  readonly sentence: string | undefined;
}

export function meaningOfError(vendorCode: string): ErrorMeaning {
  return meanings.get(vendorCode) ?? unknownMeaning;
}

const passingCodes: ReadonlySet<string> = new Set(['rate_limit_exceeded', 'server_error']);

/** Whether the same may succeed a moment later. */
export function isPassing(vendorCode: string): boolean {
  return passingCodes.has(vendorCode);
}

const harmless: ErrorMeaning = { effect: 'harmless', code: 'too-late', isFatal: false, sentence: undefined };

const unknownMeaning: ErrorMeaning = {
  effect: 'problem',
  code: 'message-refused',
  isFatal: false,
  sentence: undefined,
};

const accountRefused = fatal(
  'account-refused',
  'OpenAI does not accept the API key or the account. Check OPENAI_API_KEY and the account it belongs to.',
);

const quotaUsedUp = fatal(
  'quota-used-up',
  'The OpenAI account has no credit left or has reached its spending limit. Check its billing page.',
);

const meanings: ReadonlyMap<string, ErrorMeaning> = new Map<string, ErrorMeaning>([
  [
    'conversation_already_has_active_response',
    { effect: 'response-refused', code: 'response-active', isFatal: false, sentence: undefined },
  ],
  // The response ended, or the item went away, while our message was under way.
  ['response_cancel_not_active', harmless],
  ['item_retrieve_invalid_item_id', harmless],
  ['item_delete_invalid_item_id', harmless],
  ['item_truncate_invalid_item_id', harmless],
  ['session_expired', fatal('session-expired', 'The voice session reached the longest time OpenAI allows.')],
  ['insufficient_quota', quotaUsedUp],
  ['billing_hard_limit_reached', quotaUsedUp],
  ['invalid_api_key', accountRefused],
  ['account_deactivated', accountRefused],
  ['rate_limit_exceeded', passing('rate-limited', 'OpenAI is limiting the rate of requests.')],
  ['server_error', passing('model-fault', 'OpenAI had a fault of its own.')],
]);

function fatal(code: string, sentence: string): ErrorMeaning {
  return { effect: 'problem', code, isFatal: true, sentence };
}

function passing(code: string, sentence: string): ErrorMeaning {
  return { effect: 'problem', code, isFatal: false, sentence };
}

/** Why the upgrade to a WebSocket was answered with plain HTTP, and whether another try may help. */
export function meaningOfStatus(status: number): {
  readonly sentence: string;
  readonly isRetryable: boolean;
} {
  if (status === 401 || status === 403) {
    return {
      sentence: `OpenAI does not accept the API key (${status}). Check OPENAI_API_KEY and what it may use.`,
      isRetryable: false,
    };
  }
  if (status === 404) {
    return {
      sentence:
        'OpenAI does not know the model or the address (404). Check OPENAI_REALTIME_MODEL and OPENAI_BASE_URL.',
      isRetryable: false,
    };
  }
  if (status === 429) {
    return {
      sentence: 'OpenAI takes no more sessions (429): too many at once, or the account has no credit left.',
      isRetryable: true,
    };
  }
  if (status >= 500) {
    return { sentence: `OpenAI cannot open a session at the moment (${status}).`, isRetryable: true };
  }
  return { sentence: `OpenAI refused to open a session (${status}).`, isRetryable: false };
}

const longestVendorText = 300;

/** The vendor's own words, short enough to pass on and without any part of a key: it likes to quote them. */
export function withoutSecrets(text: string): string {
  return text.replace(/\b[se]k[-_][\w*.…-]+/g, '[key]').slice(0, longestVendorText);
}
