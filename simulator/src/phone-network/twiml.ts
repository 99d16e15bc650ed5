import { parseXml, XmlError } from './xml.ts';
import type { XmlElement } from './xml.ts';

export interface StreamVerb {
  readonly verb: 'Stream';
  readonly url: string;
  readonly name?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly statusCallback?: string;
  readonly statusCallbackMethod: 'GET' | 'POST';
}

export interface DialVerb {
  readonly verb: 'Dial';
  readonly number: string;
  readonly action?: string;
  readonly timeoutSeconds?: number;
  /** The document for the other phone, before it is joined. */
  readonly whisper?: { readonly url: string; readonly method: 'GET' | 'POST' };
}

/** Keys only. */
export interface GatherVerb {
  readonly verb: 'Gather';
  /** What is said meanwhile. */
  readonly text: string;
  readonly action?: string;
  readonly method: 'GET' | 'POST';
}

export type Verb =
  | StreamVerb
  | { readonly verb: 'Say'; readonly text: string; readonly loop: number }
  | { readonly verb: 'Play'; readonly digits: string }
  | { readonly verb: 'Pause'; readonly seconds: number }
  | { readonly verb: 'Redirect'; readonly url: string; readonly method: 'GET' | 'POST' }
  | DialVerb
  | GatherVerb
  | { readonly verb: 'Reject'; readonly reason: 'rejected' | 'busy' }
  | { readonly verb: 'Hangup' };

/** A document that Twilio would not run, with the code that it would log (twilio.com/docs/api/errors). */
export class TwimlError extends Error {
  override readonly name = 'TwimlError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The attributes each verb may have; another one is a mistake, and Twilio warns of it (12200). */
const attributesOf: Readonly<Record<string, readonly string[]>> = {
  Response: [],
  Connect: ['action', 'method'],
  Stream: [
    'url',
    'name',
    'track',
    'statusCallback',
    'statusCallbackMethod',
    'connectorName',
    'audioFormat',
    'sampleRate',
  ],
  Parameter: ['name', 'value'],
  Say: ['voice', 'language', 'loop'],
  Play: ['digits', 'loop'],
  Pause: ['length'],
  Redirect: ['method'],
  Dial: ['action', 'method', 'callerId', 'timeout', 'timeLimit', 'hangupOnStar', 'record', 'answerOnBridge'],
  Number: ['sendDigits', 'statusCallback', 'statusCallbackEvent', 'statusCallbackMethod', 'url', 'method'],
  Gather: ['input', 'numDigits', 'timeout', 'action', 'method', 'finishOnKey'],
  Reject: ['reason'],
  Hangup: [],
};

/**
 * Reads the verbs that the network knows.
 *
 * @throws TwimlError 12100 when it is not XML, 12200 when it is not TwiML, 13430 for wrong digits
 */
export function parseTwiml(document: string): Verb[] {
  const root = rootOf(document);
  if (root.name !== 'Response') throw new TwimlError(12200, `the root is <${root.name}>, not <Response>`);
  checkAttributes(root);
  if (root.text.trim() !== '') throw new TwimlError(12200, 'text directly in <Response>');
  return root.children.map(verbOf);
}

function rootOf(document: string): XmlElement {
  try {
    return parseXml(document);
  } catch (error) {
    if (error instanceof XmlError) throw new TwimlError(12100, `not well-formed XML: ${error.message}`);
    throw error;
  }
}

function verbOf(element: XmlElement): Verb {
  checkAttributes(element);
  const { name, attributes } = element;
  switch (name) {
    case 'Connect':
      return streamOf(onlyChild(element, 'Stream'));
    case 'Say':
      return {
        verb: 'Say',
        text: element.text.trim().replace(/\s+/gu, ' '),
        loop: wholeNumber(element, 'loop', 1),
      };
    case 'Play':
      return { verb: 'Play', digits: digitsOf(element) };
    case 'Pause':
      return { verb: 'Pause', seconds: wholeNumber(element, 'length', 1) };
    case 'Redirect':
      return { verb: 'Redirect', url: element.text.trim(), method: methodOf(attributes['method']) };
    case 'Dial':
      return dialOf(element);
    case 'Gather': {
      const { action, method } = attributes;
      const says = element.children.map((child) => verbOf(child));
      const text = says.flatMap((said) => (said.verb === 'Say' ? [said.text] : [])).join(' ');
      return { verb: 'Gather', text, method: methodOf(method), ...(action === undefined ? {} : { action }) };
    }
    case 'Reject':
      return { verb: 'Reject', reason: attributes['reason'] === 'busy' ? 'busy' : 'rejected' };
    case 'Hangup':
      return { verb: 'Hangup' };
    default:
      throw new TwimlError(12200, `<${name}> is no verb that this network knows`);
  }
}

function dialOf(element: XmlElement): DialVerb {
  const number = element.children.length === 0 ? element : onlyChild(element, 'Number');
  const { action, timeout } = element.attributes;
  const { url, method } = number.attributes;
  return {
    verb: 'Dial',
    number: number.text.trim(),
    ...(action === undefined ? {} : { action }),
    ...(timeout === undefined ? {} : { timeoutSeconds: wholeNumber(element, 'timeout', 30) }),
    ...(number === element || url === undefined ? {} : { whisper: { url, method: methodOf(method) } }),
  };
}

function streamOf(element: XmlElement): StreamVerb {
  checkAttributes(element);
  const { url, name, track, statusCallback, statusCallbackMethod } = element.attributes;
  if (url === undefined) throw new TwimlError(12200, '<Stream> has no url');
  if (track !== undefined && track !== 'inbound_track') {
    throw new TwimlError(12200, 'a <Stream> in <Connect> has the inbound_track only');
  }
  const parameters: Record<string, string> = {};
  for (const parameter of element.children) {
    checkAttributes(parameter);
    const { name: key, value } = parameter.attributes;
    if (parameter.name !== 'Parameter' || key === undefined || value === undefined) {
      throw new TwimlError(12200, 'a <Stream> holds <Parameter name value> only');
    }
    if (key.length + value.length >= 500) throw new TwimlError(12200, `the parameter ${key} is too long`);
    parameters[key] = value;
  }
  return {
    verb: 'Stream',
    url,
    parameters,
    statusCallbackMethod: methodOf(statusCallbackMethod),
    ...(name === undefined ? {} : { name }),
    ...(statusCallback === undefined ? {} : { statusCallback }),
  };
}

function digitsOf(element: XmlElement): string {
  const digits = element.attributes['digits'];
  if (digits === undefined) throw new TwimlError(12200, 'this network plays digits only, no files');
  if (!/^[0-9A-D#*wW]+$/u.test(digits))
    throw new TwimlError(13430, `"${digits}" are not digits that can be played`);
  return digits;
}

function onlyChild(element: XmlElement, name: string): XmlElement {
  const [child, ...others] = element.children;
  if (child?.name !== name || others.length > 0) {
    throw new TwimlError(12200, `<${element.name}> must hold exactly one <${name}>`);
  }
  checkAttributes(child);
  return child;
}

function checkAttributes(element: XmlElement): void {
  const known = attributesOf[element.name];
  if (known === undefined) throw new TwimlError(12200, `<${element.name}> is not known`);
  for (const attribute of Object.keys(element.attributes)) {
    if (!known.includes(attribute)) {
      throw new TwimlError(12200, `<${element.name}> has no attribute "${attribute}"`);
    }
  }
}

function wholeNumber(element: XmlElement, attribute: string, otherwise: number): number {
  const value = element.attributes[attribute] ?? String(otherwise);
  if (!/^\d{1,4}$/u.test(value)) throw new TwimlError(12200, `${attribute}="${value}" of <${element.name}>`);
  return Number(value);
}

function methodOf(value: string | undefined): 'GET' | 'POST' {
  if (value === undefined) return 'POST';
  const method = value.toUpperCase();
  if (method !== 'GET' && method !== 'POST') throw new TwimlError(12200, `"${value}" is no method`);
  return method;
}
