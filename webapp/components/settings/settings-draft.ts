import type { OwnTool, Settings, ToolAnswer } from '../../live/settings-api.ts';

/** Settings as they are typed: a text for each field. */
export interface SettingsDraft {
  readonly phoneNumber: string;
  readonly instructions: string;
  readonly voice: string;
  readonly language: string;
  readonly model: string;
  readonly inboundGoal: string;
  readonly inboundInstructions: string;
  readonly tools: readonly ToolDraft[];
}

export interface ToolDraft {
  /** Tells drafts apart while their names change. */
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly parameters: string;
  readonly by: ToolAnswer['by'];
  readonly url: string;
  readonly timeoutSeconds: string;
  readonly patienceSeconds: string;
  readonly output: string;
}

/** A sentence for each field at fault, by the path that the server gives it, e.g. `tools.0.name`. */
export type FieldProblems = Readonly<Record<string, string>>;

export function draftOf(settings: Settings): SettingsDraft {
  return {
    phoneNumber: settings.phoneNumber ?? '',
    instructions: settings.instructions,
    voice: settings.voice ?? '',
    language: settings.language ?? '',
    model: settings.model ?? '',
    inboundGoal: settings.inbound.goal ?? '',
    inboundInstructions: settings.inbound.instructions ?? '',
    tools: settings.tools.map((tool, index) => toolDraftOf(tool, `saved-${index}-${tool.name}`)),
  };
}

export function toolDraftOf(tool: OwnTool, key: string): ToolDraft {
  const { answer } = tool;
  return {
    key,
    name: tool.name,
    description: tool.description,
    parameters: JSON.stringify(tool.parameters, undefined, 2),
    by: answer.by,
    url: answer.by === 'webhook' ? answer.url : '',
    timeoutSeconds: answer.by === 'webhook' ? String(answer.timeoutSeconds) : '10',
    patienceSeconds: answer.by === 'hand' ? String(answer.patienceSeconds) : '45',
    output: answer.by === 'mock' ? answer.output : '',
  };
}

/** Settings out of a draft; what only the server can judge is left to it. */
export function settingsOf(
  draft: SettingsDraft,
): { readonly settings: Settings } | { readonly problems: FieldProblems } {
  const problems: Record<string, string> = {};
  const tools = draft.tools.map((tool, index): OwnTool => {
    const { value, problem } = parsedJson(tool.parameters);
    if (problem !== undefined) problems[`tools.${index}.parameters`] = problem;
    return {
      name: tool.name,
      description: tool.description,
      parameters: value,
      answer: answerOf(tool),
    };
  });
  if (Object.keys(problems).length > 0) return { problems };
  return {
    settings: {
      phoneNumber: orNull(draft.phoneNumber),
      instructions: draft.instructions,
      voice: orNull(draft.voice),
      language: orNull(draft.language),
      model: orNull(draft.model),
      inbound: { goal: orNull(draft.inboundGoal), instructions: orNull(draft.inboundInstructions) },
      tools,
    },
  };
}

/** @returns the value, or a sentence that says where the text stops being JSON */
export function parsedJson(text: string): { readonly value?: unknown; readonly problem?: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const at = /position (\d+)/.exec(String(error))?.[1];
    const line = at === undefined ? '' : ` in line ${text.slice(0, Number(at)).split('\n').length}`;
    return { problem: `This is not JSON${line}. Check brackets, commas and quotes.` };
  }
}

function answerOf(tool: ToolDraft): ToolAnswer {
  switch (tool.by) {
    case 'webhook':
      return { by: 'webhook', url: tool.url, timeoutSeconds: Number(tool.timeoutSeconds) };
    case 'hand':
      return { by: 'hand', patienceSeconds: Number(tool.patienceSeconds) };
    case 'mock':
      return { by: 'mock', output: tool.output };
  }
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
