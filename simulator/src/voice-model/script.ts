import type { Act, Brain } from './dialogue.ts';

/** The agent says something. @param lastingMs pads or cuts the audio to this length, a multiple of 20 */
export function says(text: string, { lastingMs }: { readonly lastingMs?: number } = {}): Act {
  return { type: 'say', text, ...(lastingMs === undefined ? {} : { lastingMs }) };
}

/** The agent's audio is this, as it is. @param audio µ-law, 8 kHz */
export function plays(audio: Uint8Array, transcript = ''): Act {
  return { type: 'play', audio, transcript };
}

export function callsTool(name: string, args: Readonly<Record<string, unknown>> = {}): Act {
  return { type: 'call-tool', name, arguments: args };
}

/** The response goes no further, and is never finished. */
export function stalls(): Act {
  return { type: 'stall' };
}

export function waits(ms: number): Act {
  return { type: 'wait', ms };
}

/** The response fails here. @param code as in `status_details.error`, such as `rate_limit_exceeded` */
export function failsResponse(code = 'server_error', message = 'The server had an error.'): Act {
  return { type: 'fail', code, message };
}

/** The response ends here as incomplete. */
export function stopsShort(reason: 'max_output_tokens' | 'content_filter' = 'max_output_tokens'): Act {
  return { type: 'stop-short', reason };
}

/**
 * A brain that follows a script: each response takes the next turn of it, and after the last one the agent
 * stays quiet. Side questions take a turn too.
 */
export function scripted(...turns: readonly (Act | readonly Act[])[]): Brain {
  let next = 0;
  const texts = turns.flat().flatMap((act) => (act.type === 'say' ? [act.text] : []));
  return {
    foresees: () => texts,
    respond: () => {
      const turn = turns[next++] ?? [];
      return 'type' in turn ? [turn] : turn;
    },
  };
}
