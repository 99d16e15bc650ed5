import type { Config } from '../config/config.ts';

export const usage = `MCP Telephone: lets an AI assistant make phone calls.

  mcp-telephone            serve: MCP, webhooks, media sockets, API and web app on PORT (8081)
  mcp-telephone stdio      MCP on stdin and stdout, through a running server or a new one
  mcp-telephone demo       place one simulated call and show it; needs no credentials
  mcp-telephone doctor     check the set-up and say how to mend it: --fix sends calls to our number
                           here, --json prints for programs; ends with 1 when something is wrong
  mcp-telephone export     --out FILE [--number +… | --call … | --since 2030-01-31] [--recordings]
                           all that is held, a line of JSON each
  mcp-telephone purge      --number +… | --call …   remove it, for good
  mcp-telephone backup     FILE   the embedded database and the recordings, also while the server runs
  mcp-telephone restore    FILE   into an empty DATA_DIR, while no server runs; --force overwrites
  mcp-telephone --version

Settings come from the environment and from .env; .env.example names them all.
`;

/** What a person who started the server wants to know. @param url where it is reached from this machine */
export function banner(config: Config, url: string): string {
  const origin = url.replace('127.0.0.1', 'localhost');
  const lines = [
    '',
    'MCP Telephone is up.',
    `  Web app   ${origin}/`,
    `  MCP       ${origin}/mcp`,
    `  Carrier   ${config.demo.carrier ? 'simulated: no phone rings' : `Twilio, calls from ${config.phoneNumber ?? 'the number each call names'}`}`,
    `  Voice     ${config.demo.voiceModel ? 'simulated: no model is asked' : config.openai.model}`,
    `  Public    ${publicLine(config)}`,
    ...(config.authTokens.length === 0 && config.oauth === null
      ? ['  Access    this machine only; set MCP_AUTH_TOKEN to let others in']
      : []),
  ];
  if (config.demo.carrier) {
    lines.push(
      '',
      config.demo.voiceModel
        ? 'Demo mode: nothing is dialed and nothing costs money. Try a call:'
        : 'Demo mode: nothing is dialed, but the voice model is real and costs money. Try a call:',
      `  curl -X POST ${origin}/mcp -H "Content-Type: application/json" -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"telephony.call","arguments":{"to":"+14155550123","goal":"Book a table for 2 on Friday at 7:30pm","context":{"name":"Smith"}}}}'`,
      'For real calls set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_PHONE_NUMBER, OPENAI_API_KEY and PUBLIC_URL.',
    );
  }
  return `${lines.join('\n')}\n\n`;
}

function publicLine(config: Config): string {
  if (config.demo.carrier) return 'not needed';
  return (
    config.publicUrl ?? 'none: set PUBLIC_URL or NGROK_AUTHTOKEN, or the carrier cannot reach this server'
  );
}
