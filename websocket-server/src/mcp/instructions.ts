import type { NameOf } from './tool.ts';

/** What a client shows its model about this server as a whole. */
export function instructionsFor(nameOf: NameOf): string {
  return `This server rings real phone numbers. A voice agent speaks for the user, and you get back what was said and what came of it.

Placing a good call with ${nameOf('call')}:
- "to" is a full number in E.164, such as "+14155550102". Ask the user if you are not sure of it; never guess a number.
- "goal" says what is to be achieved and what would be acceptable instead. The agent sees nothing of this conversation, so write it as you would brief a stranger.
- Put what the agent may be asked for (name, date, party size, account or order number) into "context", and how it is to behave into "instructions".
- Set "idempotencyKey" when you may have to repeat the request: the same key never rings twice.
- One errand is one call. Do not call again because a line was busy or an answer was no, unless the user wants that.

Following it: the call runs on after ${nameOf('call')} has answered. Call ${nameOf('wait')} with the callId, each time with the last "cursor" as "after", until the state is completed, failed or canceled; every answer names the next step in "nextAction". Show the user the "url" if they may want to listen in. Use ${nameOf('cancel')} only when the user wants the call to stop.

Afterwards "result" holds what came of the goal, and ${nameOf('transcript')} the words. Report what was said, not what was hoped for; a detail that is "inferred" or "not_established" is not a fact.`;
}
