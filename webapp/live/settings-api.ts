import { askForFile, askServer, unreadable } from './ask-server.ts';
import { isRecord } from './is-record.ts';

export type ToolAnswer =
  | { readonly by: 'webhook'; readonly url: string; readonly timeoutSeconds: number }
  | { readonly by: 'hand'; readonly patienceSeconds: number }
  | { readonly by: 'mock'; readonly output: string };

export interface OwnTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: unknown;
  readonly answer: ToolAnswer;
}

/** What the owner chooses for every call; null: as the server's environment says. */
export interface Settings {
  readonly phoneNumber: string | null;
  readonly instructions: string;
  readonly voice: string | null;
  readonly language: string | null;
  readonly model: string | null;
  readonly inbound: { readonly goal: string | null; readonly instructions: string | null };
  readonly tools: readonly OwnTool[];
}

export interface SettingsPage {
  readonly version: number;
  /** ms since 1970; null before anything was saved. */
  readonly savedAt: number | null;
  readonly settings: Settings;
  readonly defaults: { readonly voice: string; readonly model: string };
  readonly choices: { readonly voices: readonly string[]; readonly models: readonly string[] };
  readonly limits: readonly Limit[];
  readonly builtInTools: readonly BuiltInTool[];
}

/** A count, US dollars, `HH:MM-HH:MM` or `off`, countries by their ISO codes or `*`, numbers; null: no limit. */
export type LimitValue = number | string | readonly string[] | null;

/** A limit on calls as it holds. */
export interface Limit {
  /** The environment variable that may set it; it is named so at the server, too. */
  readonly variable: string;
  readonly value: LimitValue;
  /** What holds where nothing is set. */
  readonly default: LimitValue;
  /** What the environment sets cannot be changed here. */
  readonly source: 'environment' | 'saved' | 'default';
}

/** A tool that is built into the agent. */
export interface BuiltInTool {
  readonly name: string;
  readonly description: string;
}

export async function readSettings(signal: AbortSignal): Promise<SettingsPage> {
  return pageOf(await askServer('/api/settings', { signal }));
}

/**
 * @param version the one that the change was made from
 * @returns what is in force by now, and how many calls that are up follow it already
 * @throws ServerRefused `settings-changed` when others were saved meanwhile; `invalid-settings` with `fields`
 */
export async function saveSettings(
  settings: Settings,
  version: number,
  applyTo: 'next' | 'live',
): Promise<{ readonly page: SettingsPage; readonly liveCalls: number }> {
  const body = await askServer('/api/settings', { method: 'PUT', body: { settings, version, applyTo } });
  return { page: pageOf(body), liveCalls: typeof body.liveCalls === 'number' ? body.liveCalls : 0 };
}

/**
 * Sets limits for every call from here on.
 *
 * @param changes by variable; null takes one back to its default
 * @throws ServerRefused `invalid-settings` or `limits-fixed`, with `fields`
 */
export async function saveLimits(changes: Readonly<Record<string, unknown>>): Promise<readonly Limit[]> {
  const { limits } = await askServer('/api/settings/limits', { method: 'PATCH', body: changes });
  if (!Array.isArray(limits)) throw unreadable();
  return limits as readonly Limit[];
}

/** @returns a sound; only in demo mode. @throws ServerRefused */
export function readVoiceSample(voice: string): Promise<Blob> {
  return askForFile(`/api/settings/voice-sample?${new URLSearchParams({ voice })}`);
}

function pageOf(body: Record<string, unknown>): SettingsPage {
  if (!isRecord(body.settings) || typeof body.version !== 'number') throw unreadable();
  return body as unknown as SettingsPage;
}
