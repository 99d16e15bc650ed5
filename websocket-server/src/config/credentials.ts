import type { EnvironmentReader } from '../lib/environment-reader.ts';
import type { Config } from './config.ts';

const openaiBaseUrl = 'https://api.openai.com/v1';
const twilioBaseUrl = 'https://api.twilio.com';

export function readTwilio(reader: EnvironmentReader): Config['twilio'] {
  const accountSid = reader.text('TWILIO_ACCOUNT_SID') ?? '';
  const authToken = reader.text('TWILIO_AUTH_TOKEN') ?? '';
  const keySid = reader.text('TWILIO_API_KEY_SID') ?? '';
  const keySecret = reader.text('TWILIO_API_KEY_SECRET') ?? '';
  const baseUrl = reader.httpUrl('TWILIO_API_BASE_URL', twilioBaseUrl);
  const demoAdvice = 'Without any Twilio credentials the phone network is simulated.';

  if (keySid !== '' && keySecret === '') {
    reader.problem('TWILIO_API_KEY_SECRET', 'TWILIO_API_KEY_SID is set: set its secret too, or unset both.');
  }
  if (keySecret !== '' && keySid === '') {
    reader.problem('TWILIO_API_KEY_SID', 'TWILIO_API_KEY_SECRET is set: set its SID too, or unset both.');
  }
  const isAnySet = accountSid !== '' || authToken !== '' || keySid !== '' || keySecret !== '';
  if (isAnySet && accountSid === '') {
    reader.problem(
      'TWILIO_ACCOUNT_SID',
      `Other Twilio credentials are set: set the account's SID too (AC…, on the Twilio console's first page). ${demoAdvice}`,
    );
  }
  if (isAnySet && authToken === '') {
    reader.problem(
      'TWILIO_AUTH_TOKEN',
      `Other Twilio credentials are set: set the account's auth token too, which checks the signatures of webhooks even when an API key is used. ${demoAdvice}`,
    );
  }
  // A compatible carrier names its accounts in its own way.
  if (isTwilios(baseUrl)) {
    if (accountSid !== '' && !accountSid.startsWith('AC')) {
      reader.problem(
        'TWILIO_ACCOUNT_SID',
        "It is no SID of a Twilio account: those begin with AC and have 32 more letters and digits. Copy it from the Twilio console's first page.",
      );
    }
    if (keySid !== '' && !keySid.startsWith('SK')) {
      reader.problem(
        'TWILIO_API_KEY_SID',
        'It is no SID of a Twilio API key: those begin with SK and have 32 more letters and digits. Copy it from where the key was made in the Twilio console, or unset it and TWILIO_API_KEY_SECRET.',
      );
    }
  }
  if (!isAnySet && baseUrl !== twilioBaseUrl) {
    reader.problem(
      'TWILIO_API_BASE_URL',
      'It is set without credentials and would not be used: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN too, or unset it for the simulated phone network.',
    );
  }
  return {
    accountSid,
    authToken,
    apiKey: keySid === '' || keySecret === '' ? null : { sid: keySid, secret: keySecret },
    signingKey: reader.text('TWILIO_SIGNING_KEY') ?? null,
    baseUrl,
  };
}

function isTwilios(baseUrl: string): boolean {
  return /(?:^|\.)twilio\.com$/.test(new URL(baseUrl).hostname);
}

export function readOpenai(reader: EnvironmentReader, hasTwilio: boolean): Config['openai'] {
  const apiKey = reader.text('OPENAI_API_KEY') ?? '';
  const baseUrl = reader.httpUrl('OPENAI_BASE_URL', openaiBaseUrl);
  if (apiKey === '' && hasTwilio) {
    reader.problem(
      'OPENAI_API_KEY',
      'Twilio credentials are set but this key is not, so real people would be rung with nobody to talk to them. Set it, or unset the Twilio credentials for demo mode.',
    );
  } else if (apiKey === '' && baseUrl !== openaiBaseUrl) {
    reader.problem(
      'OPENAI_BASE_URL',
      'It is set without OPENAI_API_KEY and would not be used: set the key too (any text, where the server asks for none), or unset it for the simulated voice model.',
    );
  }
  return {
    apiKey,
    baseUrl,
    model: reader.text('OPENAI_REALTIME_MODEL') ?? 'gpt-realtime-2.1',
    voice: reader.text('OPENAI_VOICE') ?? 'marin',
    transcriptionModel: reader.text('OPENAI_TRANSCRIPTION_MODEL') ?? 'gpt-transcribe',
  };
}
